import type { Life } from "./life.ts";
import type { ObservedCall } from "./observed_call.ts";
import type { ObservedLogins } from "./observed_logins.ts";

/** A refresh token that Feishu has issued. */
export interface ObservedToken {
  /** Names it. */
  readonly hash: string;
  /** When it ends unspent, by Feishu's own clock, in Unix seconds. */
  readonly endsAtSeconds: number;
}

/** The refresh tokens of one login. */
export interface ObservedFamily {
  /** Counts the logins from 1. */
  readonly id: number;
  /** Hash of the device code that it was issued for; absent for one that no server has brought about. */
  readonly redeemed?: string;
  /** Who has authorized it. */
  readonly openId?: string;
  /** When, by Feishu's own clock, in Unix seconds. */
  readonly authorizedAtSeconds?: number;
  /** Oldest first; the last one is the newest that Feishu issued. */
  readonly tokens: readonly ObservedToken[];
}

/** What a caller was told at the end, when every fault was over. */
export type FinalAnswer =
  | { readonly kind: "pair"; readonly refreshToken: string }
  | { readonly kind: "error"; readonly code: string; readonly logId?: string | undefined }
  | { readonly kind: "none" };

/** A span of the harness's monotonic clock, in milliseconds. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The history of a run, which the checker reads. Of what the servers say of themselves it has their answers only. */
export interface ObservedRun {
  /** Every call that the simulated Feishu received. */
  readonly calls: readonly ObservedCall[];
  /** Every login and its refresh tokens. */
  readonly families: readonly ObservedFamily[];
  /** Every process of the server, by name. */
  readonly lives: ReadonlyMap<string, Life>;
  /** Hashes of the refresh tokens that callers were given. */
  readonly served: ReadonlySet<string>;
  /** When the store did not work. */
  readonly outages: readonly Span[];
  /** The final answers, by the id of the family. */
  readonly finals: ReadonlyMap<number, readonly FinalAnswer[]>;
  /** What callers did with logins, and were told of them; absent where there were none. */
  readonly logins?: ObservedLogins;
  /** When the run was taken. */
  readonly nowMs: number;
}
