/**
 * The durations that the renewal protocol's sums rest on, in milliseconds. `docs/renewal.md` adds them up, and
 * {@linkcode assertLimits} holds them to the sums at start: promise 2 rests on them.
 */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Longest wait for a commit. A commit that was given up may still land. */
export const COMMIT_DEADLINE_MS = 5 * SECOND_MS;
/** Longest wait for a claim. */
export const CLAIM_DEADLINE_MS = 3 * SECOND_MS;
/** How long the process may be stopped between its last look at the clock and the moment the request leaves. */
export const PAUSE_ALLOWANCE_MS = 2 * SECOND_MS;

/** What one presentation may take, and how long the lease for it lives. */
export interface AttemptLimits {
  /** The call to Feishu is aborted after this. */
  readonly attemptTimeoutMs: number;
  /** What must be left of the lease when the request leaves. */
  readonly needMs: number;
  /** Length of the lease, counted from before the claim was issued. */
  readonly lifeMs: number;
}

/** For a call that spends a refresh token. Giving up early would lose a rotation, so the call gets time. */
export const SPENDING_LIMITS: AttemptLimits = {
  attemptTimeoutMs: 30 * SECOND_MS,
  needMs: 37 * SECOND_MS,
  lifeMs: 40 * SECOND_MS,
};

/** For a call that gets an app token. Nothing is spent, so a second try costs less than a long wait. */
export const APP_LIMITS: AttemptLimits = {
  attemptTimeoutMs: 10 * SECOND_MS,
  needMs: 17 * SECOND_MS,
  lifeMs: 20 * SECOND_MS,
};

/** Feishu issues a new app token only when less than this is left of the last one. */
export const APP_REISSUE_WINDOW_MS = 30 * MINUTE_MS;
/** The background renewal of an app token begins between these two before its expiry, jittered so that processes spread. */
export const APP_ADVISORY_LATEST_MS = 25 * MINUTE_MS;

/**
 * Checks the sums.
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
