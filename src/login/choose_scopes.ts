import type { KeptLogin } from "../ports/logins.ts";
import { OFFLINE_ACCESS } from "../ports/offline_access.ts";
import { inOrder, scopesIn } from "./scopes_in.ts";

/** Asked for where nothing says what is needed: enough to know who it is, and to stay logged in. */
const LEAST: readonly string[] = [OFFLINE_ACCESS, "auth:user.id:read"];
/** Scopes of one authorization, by Feishu's newer documentation. */
const MOST_SCOPES = 200;

/** Where the scopes of a login may come from. */
export interface ScopeSources {
  /** Those that the caller names. */
  readonly requested: readonly string[] | undefined;
  /** `FEISHU_TOKEN_SCOPES`. */
  readonly configured: readonly string[];
  /** The login that the new one would replace. */
  readonly kept: KeptLogin | undefined;
  /** Whether the new one may have fewer scopes than that. */
  readonly replace: boolean;
  /** Those that the app offers to users; `null` where they cannot be had. */
  readonly offered: () => Promise<readonly string[] | null>;
}

/**
 * The scopes to ask for, in the order of the alphabet: those that the caller names, else the configured ones, else
 * those of the kept login, else what the app offers, else the least. A login that replaces another asks for that
 * one's scopes too, since Feishu may grant only what was asked for last.
 *
 * @see https://github.com/larksuite/cli/issues/745
 */
export async function chooseScopes(sources: ScopeSources): Promise<readonly string[]> {
  const { requested = [], configured, kept, replace, offered } = sources;
  const named = requested.length > 0 ? requested : configured;
  const keptScopes = kept === undefined || replace ? [] : scopesIn(kept.scope);
  if (named.length > 0) return inOrder([...named, ...keptScopes, OFFLINE_ACCESS]);
  const wanted = keptScopes.length > 0 ? keptScopes : await offered() ?? LEAST;
  return inOrder([...inOrder(wanted).slice(0, MOST_SCOPES - 1), OFFLINE_ACCESS]);
}
