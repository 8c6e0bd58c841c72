import type { TokenError } from "../../errors/token_error.ts";
import type { FeishuAnswer, IssuedToken, RefreshEndpoint, Refusal } from "../../ports/feishu.ts";
import type { Log } from "../../ports/log.ts";
import type { TokenRecord } from "../../ports/store.ts";
import type { AttemptLimits } from "./limits.ts";
import type { RecordRef } from "./record_ref.ts";

/**
 * One question to the renewal engine: what distinguishes the kinds of token. The engine does the rest the same way for
 * all of them.
 */
export interface RenewalStrategy extends RecordRef {
  /** How long one presentation may take. */
  readonly limits: AttemptLimits;
  /** Where the next presentation goes, if there is a choice. */
  readonly endpoint?: RefreshEndpoint;
  /** Whether failures that pass quickly are waited out; a renewal in the background reports them instead. */
  readonly patient: boolean;
  /** Of the call that started the flight: its lines carry that call's request id. */
  readonly log: Log;
  /** Whether `token`, newly read, already answers the question. */
  isDone(token: TokenRecord | null): boolean;
  /** Fingerprint of what a renewal of `token` presents. Leases and marks about anything else do not count. */
  subject(token: TokenRecord | null): string;
  /** Gets what a presentation needs, `token` being the current one. Called before each claim: no lease runs while it waits. */
  prepare(token: TokenRecord | null): Promise<void>;
  /** Calls Feishu once. */
  present(timeoutMs: number): Promise<FeishuAnswer>;
  /** After a refusal that says nothing of the token: whether another way is left to present it. */
  hasAnotherWay(refusal: Refusal): Promise<boolean>;
  /** How long a pause may be that a failure asks for, `token` being the current one; milliseconds. */
  longestPauseMs(token: TokenRecord | null): number;
  /** Told what each attempt met that brought no token. */
  onFailure?(failure: TokenError): void;
  /** The record that follows `current`. */
  successor(current: TokenRecord | null, issued: IssuedToken): Promise<TokenRecord>;
}

/** The end of a renewal. */
export interface Renewed {
  /** The newest record. */
  readonly record: TokenRecord;
  /** Whether Feishu was asked; else the store already held what was wanted. */
  readonly asked: boolean;
  /** Whether the record is in the store. */
  readonly isStored: boolean;
  /** Whether the record is in the store or the journal. False only if both failed: then it lives in memory alone. */
  readonly isDurable: boolean;
}
