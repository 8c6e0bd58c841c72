import type { TokenError } from "../../errors/token_error.ts";
import type { FeishuAnswer, IssuedToken, RefreshEndpoint, Refusal } from "../../ports/feishu.ts";
import type { Log } from "../../ports/log.ts";
import type { SealedChange } from "../../ports/sealed_change.ts";
import type { TokenRecord } from "../../ports/store.ts";
import type { AttemptLimits } from "./limits.ts";
import type { RecordRef } from "./record_ref.ts";

/** How one kind of record is renewed: what `Renewal` does not do in the same way for all kinds. */
export interface RenewalStrategy extends RecordRef {
  /** How long one presentation may take. */
  readonly limits: AttemptLimits;
  /** Endpoint of the next presentation, if there is a choice. */
  readonly endpoint?: RefreshEndpoint;
  /** Whether the renewal waits for leases and short cool-downs. A renewal in the background reports them instead. */
  readonly patient: boolean;
  /** Log of the call that started the flight, with that call's request id. */
  readonly log: Log;
  /** Whether `token`, as just read, is good enough to answer with. */
  isDone(token: TokenRecord | null): boolean;
  /** Fingerprint of what a renewal of `token` presents. Leases and statuses about anything else do not count. */
  subject(token: TokenRecord | null): string;
  /** Gets what a presentation needs. Called before each claim, so that no lease runs while it waits. */
  prepare(token: TokenRecord | null): Promise<void>;
  /** What must not have changed since `prepare()`: a claim lands only if that holds. */
  guards?(): Promise<readonly SealedChange[]>;
  /** Calls Feishu once. */
  present(timeoutMs: number): Promise<FeishuAnswer>;
  /** Whether, after a refusal that says nothing against the token, it can be presented in another way. */
  hasAnotherWay(refusal: Refusal): Promise<boolean>;
  /** Longest cool-down after a failure, in milliseconds. */
  longestPauseMs(token: TokenRecord | null): number;
  /** Called with the failure of each attempt that brought no token. */
  onFailure?(failure: TokenError): void;
  /** The record that follows `current`. */
  successor(current: TokenRecord | null, issued: IssuedToken): Promise<TokenRecord>;
}

/** Outcome of a renewal. */
export interface Renewed {
  /** The newest record. */
  readonly record: TokenRecord;
  /** Whether Feishu was asked. Else the store already held a record that is good enough. */
  readonly asked: boolean;
  /** Whether the record is in the store. */
  readonly isStored: boolean;
  /** Whether the record is in the store or the journal. If both failed it is in memory alone. */
  readonly isDurable: boolean;
}
