import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import { renewalInProgress } from "./renewal_in_progress.ts";

/**
 * The store is asked whether somebody else's renewal has ended each time that the wait has grown by a twentieth, within
 * these bounds: the end is noticed soon after it, and a long wait costs little.
 */
export const SHORTEST_POLL_MS = 10;
/** See {@linkcode SHORTEST_POLL_MS}. */
export const LONGEST_POLL_MS = 200;
const POLL_SHARE = 1 / 20;

/** The pauses of a renewal between two looks at the store. */
export class PollBackoff {
  readonly #options: PollBackoffOptions;

  /** For one process. */
  constructor(options: PollBackoffOptions) {
    this.#options = options;
  }

  /**
   * Until the next look at a lease that somebody else has, of which at most `leftMs` are left, in a flight that began at
   * `startedMs` of the monotonic clock.
   *
   * @throws TokenError `renewal_in_progress` when the process ends.
   */
  async poll(leftMs: number, startedMs: number): Promise<void> {
    const waitedMs = this.#options.clock.monotonic() - startedMs;
    const pollMs = Math.max(SHORTEST_POLL_MS, Math.min(waitedMs * POLL_SHARE, LONGEST_POLL_MS));
    await this.pause(Math.min(leftMs, pollMs));
  }

  /**
   * For `ms` milliseconds and up to a quarter more, so that not all processes look at once, but at most `mostMs`.
   *
   * @throws TokenError `renewal_in_progress` when the process ends.
   */
  async pause(ms: number, mostMs = Infinity): Promise<void> {
    const { clock, random, stopping } = this.#options;
    try {
      await clock.sleep(Math.min(ms * (1 + random.fraction() / 4), mostMs), stopping);
    } catch (error) {
      throw renewalInProgress(undefined, error);
    }
  }
}

/** What {@linkcode PollBackoff} needs. */
export interface PollBackoffOptions {
  /** Counts them. */
  readonly clock: Clock;
  /** Jitter. */
  readonly random: Random;
  /** Aborted when the process ends: ends them. */
  readonly stopping: AbortSignal;
}
