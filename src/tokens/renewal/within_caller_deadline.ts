import type { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";
import { renewalInProgress } from "./renewal_in_progress.ts";

/** Longest wait of a caller; after it the caller is told to come back. Below the 60 s after which MCP clients give up. */
export const CALLER_DEADLINE_MS = 50_000;

/**
 * Waits for `work` until the caller's deadline. The work goes on when the wait has ended.
 *
 * @throws TokenError `renewal_in_progress` at the deadline; the reason of `signal`; what `work` throws.
 */
export async function withinCallerDeadline<T>(clock: Clock, work: Promise<T>, wait: CallerWait): Promise<T> {
  const result = await within(clock, CALLER_DEADLINE_MS, work, wait.signal);
  if (result === TIME_IS_UP) throw renewalInProgress(wait.lastFailure?.());
  return result;
}

/** What ends a caller's wait, and what it is told then. */
export interface CallerWait {
  /** Aborted when the caller hangs up. */
  readonly signal?: AbortSignal | undefined;
  /** Failure of the last attempt, asked for at the deadline. */
  readonly lastFailure?: () => TokenError | undefined;
}
