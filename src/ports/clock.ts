/** Time for the whole program. The real clock is in `platform.ts`; tests and the sandbox pass their own. */
export interface Clock {
  /** Wall clock, Unix milliseconds. May jump in either direction. */
  now(): number;
  /** Milliseconds since an arbitrary start. Never goes back; may stand still while the machine sleeps. */
  monotonic(): number;
  /**
   * Resolves after `ms` milliseconds of real waiting.
   *
   * @throws the signal's reason when `signal` is aborted first; no timer is left behind then.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
