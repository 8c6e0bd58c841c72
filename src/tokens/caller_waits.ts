import type { Clock } from "../ports/clock.ts";
import { CALLER_DEADLINE_MS } from "./constants.ts";
import { renewalInProgress } from "./renewal_in_progress.ts";

/** Who comes so soon after another shares a timer with it, and is told to come back by so much earlier, in milliseconds. */
const TOGETHER_MS = 1_000;

/** The waits that one timer ends. */
interface Batch {
  readonly untilMs: number;
  readonly ends: Set<() => void>;
  /** Aborted when nobody waits any more. */
  readonly over: AbortController;
}

/**
 * Bounds the waits of callers. A timer and a signal for each would cost a thousand of them as much as what they wait for.
 */
export class CallerWaits {
  readonly #clock: Clock;
  #latest: Batch | undefined;

  /** Counts by `clock`. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Waits for `work`, which goes on when the wait has ended.
   *
   * @throws TokenError `renewal_in_progress` at the callers' deadline; the reason of `signal`, by which a caller hangs up;
   * what `work` throws.
   */
  bounded<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const batch = this.#batch();
      const leave = (): void => {
        signal?.removeEventListener("abort", hangUp);
        batch.ends.delete(end);
        if (batch.ends.size === 0) batch.over.abort();
      };
      const fail = (error: unknown): void => {
        leave();
        reject(error);
      };
      const end = (): void => fail(renewalInProgress());
      const hangUp = (): void => fail(signal?.reason);
      batch.ends.add(end);
      signal?.addEventListener("abort", hangUp, { once: true });
      if (signal?.aborted) hangUp();
      work.then((result) => {
        leave();
        resolve(result);
      }, fail);
    });
  }

  /** The one that a wait which begins now belongs to. */
  #batch(): Batch {
    const now = this.#clock.monotonic();
    const latest = this.#latest;
    if (latest !== undefined && now < latest.untilMs && !latest.over.signal.aborted) return latest;
    const batch = { untilMs: now + TOGETHER_MS, ends: new Set<() => void>(), over: new AbortController() };
    this.#latest = batch;
    const endAll = (): void => batch.ends.forEach((end) => end());
    this.#clock.sleep(CALLER_DEADLINE_MS, batch.over.signal).then(endAll, () => {});
    return batch;
  }
}
