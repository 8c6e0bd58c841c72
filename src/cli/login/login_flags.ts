import { readScopes } from "../command_line/read_scopes.ts";
import { UsageError } from "../command_line/usage_error.ts";
import type { LoginRequest } from "../../ports/logins.ts";

/** What a person asked of `login`. */
export interface LoginFlags {
  /** What a new login is to bring. */
  readonly request: LoginRequest;
  /** A login that was started before: its id, or `newest`; absent to start one. */
  readonly resumed?: { readonly id: string } | "newest";
  /** Whether it replaces a kept login that has more permissions. */
  readonly replaces: boolean;
  /** Whether to wait for the person. */
  readonly waits: boolean;
  /** Whether programs read the output. */
  readonly asJson: boolean;
}

/** What only a start takes: a login that was started has it already. */
const OF_START = ["scope", "user", "another"] as const;

/**
 * What the flags of `login` ask for.
 *
 * @throws UsageError for flags that contradict each other.
 */
export function readLoginFlags(flags: Readonly<Record<string, string | true>>): LoginFlags {
  const { resume, scope, user } = flags;
  if (resume !== undefined) {
    const stray = OF_START.find((flag) => flags[flag] !== undefined);
    if (stray !== undefined) {
      throw new UsageError({
        en: `--resume and --${stray} contradict each other: the login was started with what it asks for`,
        zh: `--resume 与 --${stray} 互相矛盾：该登录在开始时已确定所要申请的内容`,
      });
    }
  }
  const replaces = flags.replace === true;
  return {
    request: {
      ...(typeof scope === "string" ? { scopes: readScopes(scope) } : {}),
      ...(typeof user === "string" ? { user } : {}),
      ...(flags.another === true ? { another: true } : {}),
      ...(replaces ? { replace: true } : {}),
    },
    ...(resume === undefined ? {} : { resumed: resume === true ? "newest" : { id: resume } }),
    replaces,
    waits: flags["no-wait"] !== true,
    asJson: wantsLoginJson(flags),
  };
}

/** Whether the outcome is one JSON object. Without a wait it always is. */
export function wantsLoginJson(flags: Readonly<Record<string, string | true>>): boolean {
  return flags.json === true || flags["no-wait"] === true;
}
