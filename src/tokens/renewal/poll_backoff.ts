import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import { renewalInProgress } from "./renewal_in_progress.ts";

/**
 * Shortest pause between two reads that wait for another process's renewal, in milliseconds. A pause is a twentieth of the
 * wait so far: the end is noticed soon, and a long wait costs few reads.
 */
export const SHORTEST_POLL_MS = 10;
/** Longest pause between two such reads, in milliseconds. */
export const LONGEST_POLL_MS = 200;
const POLL_SHARE = 1 / 20;

/** The pauses of a renewal between two reads of its record: state Wait. */
export class PollBackoff {
  readonly #options: PollBackoffOptions;

  /** For one process. */
  constructor(options: PollBackoffOptions) {
    this.#options = options;
  }

  /**
   * Pauses until the next read of a lease that another process has.
   *
   * @param leftMs what is left of the lease at most, in milliseconds.
   * @param startedMs when the flight began, by the monotonic clock.
   * @throws TokenError `renewal_in_progress` when the process ends.
   */
  async poll(leftMs: number, startedMs: number): Promise<void> {
    const waitedMs = this.#options.clock.monotonic() - startedMs;
    const pollMs = Math.max(SHORTEST_POLL_MS, Math.min(waitedMs * POLL_SHARE, LONGEST_POLL_MS));
    await this.pause(Math.min(leftMs, pollMs));
  }

  /**
   * Pauses for `ms` milliseconds and up to a quarter more, so that not all processes read at once, but at most `mostMs`.
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
  /** Tells the time and sleeps. */
  readonly clock: Clock;
  /** Jitter. */
  readonly random: Random;
  /** Aborted when the process is about to end: ends the pauses. */
  readonly stopping: AbortSignal;
}
