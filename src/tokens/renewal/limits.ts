/**
 * Every duration and bound of the domain, in milliseconds. The sums they must satisfy are asserted by
 * {@linkcode assertLimits} at start, because the safety of the renewal protocol rests on them.
 */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Longest wait for a commit; given up it may still land. */
export const COMMIT_DEADLINE_MS = 5 * SECOND_MS;
/** Longest wait for a claim. */
export const CLAIM_DEADLINE_MS = 3 * SECOND_MS;
/** How long the process may be stopped between its last look at the clock and the bytes leaving. */
export const PAUSE_ALLOWANCE_MS = 2 * SECOND_MS;

/** What one presentation may take, and how long the lease under it lives. */
export interface AttemptLimits {
  /** Abort the call to Feishu after this. */
  readonly attemptTimeoutMs: number;
  /** What must be left of the lease when the request leaves. */
  readonly needMs: number;
  /** Length of the lease, counted from before the claim was issued. */
  readonly lifeMs: number;
}

/** A call that spends a refresh token: given up early it would lose a rotation, so it is given time. */
export const SPENDING_LIMITS: AttemptLimits = {
  attemptTimeoutMs: 30 * SECOND_MS,
  needMs: 37 * SECOND_MS,
  lifeMs: 40 * SECOND_MS,
};

/** A call for an app token: nothing is spent, so a second try is cheaper than a long wait. */
export const APP_LIMITS: AttemptLimits = {
  attemptTimeoutMs: 10 * SECOND_MS,
  needMs: 17 * SECOND_MS,
  lifeMs: 20 * SECOND_MS,
};

/** A caller waits at most this in all; then it is told to come back. Below the 60 s after which MCP clients give up. */
export const CALLER_DEADLINE_MS = 50 * SECOND_MS;
/** A flight ends by itself after this, whatever happens in it. */
export const FLIGHT_DEADLINE_MS = 120 * SECOND_MS;

/** Feishu mints a new app token only when less than this is left of the last one. */
export const APP_REISSUE_WINDOW_MS = 30 * MINUTE_MS;
/** The background renewal of an app token begins between these two before expiry, jittered so that processes spread. */
export const APP_ADVISORY_LATEST_MS = 25 * MINUTE_MS;
/** A user token with less than this left is renewed before it is handed out. */
export const USER_MANDATORY_MS = 5 * MINUTE_MS;
/** With less than this left a token is not handed out, not even with a warning: it would die on the caller's way. */
export const SERVE_FLOOR_MS = 30 * SECOND_MS;

/** First cool-down after a failure; doubles with each further one. */
export const COOL_DOWN_FIRST_MS: number = SECOND_MS;
/** Longest cool-down that this server chooses itself. Feishu's own wish may be longer. */
export const COOL_DOWN_MAX_MS: number = MINUTE_MS;
/** Within one flight, a cool-down of at most this is waited out instead of reported. */
export const IN_FLIGHT_PATIENCE_MS = 2 * SECOND_MS;
/** Presentations of one flight, whatever the answers: bounds what one caller's question can cost Feishu. */
export const PRESENTATIONS_PER_FLIGHT = 4;
/** For so long the same refused credentials are not sent to Feishu again. */
export const REFUSAL_MEMORY_MS = 3 * SECOND_MS;
/** Refusals remembered per process. Fewer than records: each holds an error with its stack, some 10 KiB. */
export const REFUSALS_REMEMBERED = 1_000;

/** Secrets that callers bring and that Feishu has not accepted lately: so many at a time, of one app id and address. */
export const UNPROVEN_AT_ONCE = 2;
/** For so long such a secret waits for its turn. */
export const UNPROVEN_WAIT_MS: number = 10 * SECOND_MS;
/** For so long a secret that Feishu has accepted need not wait. */
export const ACCEPTED_SECRET_MS: number = 24 * 60 * MINUTE_MS;
/** For so long a secret that a caller has brought and Feishu has refused is not sent again. */
export const REFUSED_SECRET_MS: number = MINUTE_MS;

/** For so long Feishu is not asked again about a token that it has just handed out once more. */
export const UNCHANGED_MEMORY_MS: number = MINUTE_MS;
/** App tokens before the current one that a report may still be about. */
export const EARLIER_APP_TOKENS = 8;

/** By so much the wall clocks of machines may differ, or one be set right, before a time in the store is not believed. */
export const CLOCK_SLACK_MS: number = MINUTE_MS;

/** Records remembered per process; beyond it the least recently used is forgotten (and read from the store again). */
export const MEMORY_RECORDS = 10_000;

/**
 * Holds the constants against each other.
 *
 * @throws RangeError when the constants contradict each other.
 */
export function assertLimits(): void {
  for (const [name, limits] of Object.entries({ SPENDING_LIMITS, APP_LIMITS })) {
    const sum = PAUSE_ALLOWANCE_MS + limits.attemptTimeoutMs + COMMIT_DEADLINE_MS;
    if (limits.needMs < sum) throw new RangeError(`${name}.needMs is ${limits.needMs}: at least ${sum}`);
    const life = limits.needMs + CLAIM_DEADLINE_MS;
    if (limits.lifeMs < life) throw new RangeError(`${name}.lifeMs is ${limits.lifeMs}: at least ${life}`);
  }
  if (APP_ADVISORY_LATEST_MS >= APP_REISSUE_WINDOW_MS) {
    throw new RangeError(
      "APP_ADVISORY_LATEST_MS must lie inside the window in which Feishu mints a new token",
    );
  }
}
