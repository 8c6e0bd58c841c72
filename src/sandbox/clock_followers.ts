import type { OffsetClock } from "./offset_clock.ts";

/** Longest time for which a poll is held, in milliseconds. */
const POLL_HOLD_MS = 25_000;

/** Time within which a follower that was answered is expected to poll again, in milliseconds. */
const RETURN_WITHIN_MS = 2_000;

/**
 * The servers in other processes that follow the sandbox's clock by long polls.
 *
 * A follower that polls again has applied the last answer. By that {@linkcode ClockFollowers.settled} knows when all
 * followers have the new time.
 */
export class ClockFollowers {
  readonly #clock: OffsetClock;
  readonly #waiting = new Set<() => void>();
  readonly #returning = new Set<() => void>();
  /**
   * For each follower that was answered, monotonic milliseconds until which its next poll is expected; oldest first.
   */
  #awayUntilMs: number[] = [];

  /** Follows every move of `clock`. */
  constructor(clock: OffsetClock) {
    this.#clock = clock;
    clock.onMove(() => this.#tellAll());
  }

  /** Number of polls that are held now. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Resolves when the clock's seq is above `after`, when the clock moves, or after 25 s.
   *
   * @throws the reason of `signal` when it is aborted first.
   */
  async poll(after: number, signal: AbortSignal): Promise<void> {
    this.#awayUntilMs.shift();
    for (const wake of [...this.#returning]) wake();
    if (this.#clock.seq > after) return this.#expectBack();

    const told = Promise.withResolvers<void>();
    const done = new AbortController();
    const tell = (): void => told.resolve();
    this.#waiting.add(tell);
    const held = this.#clock.sleep(POLL_HOLD_MS, AbortSignal.any([signal, done.signal]));
    try {
      await Promise.race([told.promise, held]);
    } finally {
      // Still in the set: the hold ran out, or the follower left. A move empties the set.
      if (this.#waiting.delete(tell) && !signal.aborted) this.#expectBack();
      done.abort();
      await held.catch(() => {});
    }
  }

  /**
   * Resolves when every follower that was told of a move has polled again, or after 2 s: the others have ended.
   *
   * @throws the reason of `signal` when it is aborted first.
   */
  async settled(signal: AbortSignal): Promise<void> {
    const giveUpAtMs = this.#clock.monotonic() + RETURN_WITHIN_MS;
    for (;;) {
      const nowMs = this.#clock.monotonic();
      this.#awayUntilMs = this.#awayUntilMs.filter((untilMs) => untilMs > nowMs);
      const lastMs = this.#awayUntilMs.at(-1);
      if (lastMs === undefined || nowMs >= giveUpAtMs) return;
      await this.#anotherReturn(Math.min(lastMs, giveUpAtMs) - nowMs, signal);
    }
  }

  async #anotherReturn(withinMs: number, signal: AbortSignal): Promise<void> {
    const back = Promise.withResolvers<void>();
    const done = new AbortController();
    const wake = (): void => back.resolve();
    this.#returning.add(wake);
    const given = this.#clock.sleep(withinMs, AbortSignal.any([signal, done.signal]));
    try {
      await Promise.race([back.promise, given]);
    } finally {
      this.#returning.delete(wake);
      done.abort();
      await given.catch(() => {});
    }
  }

  #tellAll(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const tell of waiting) {
      this.#expectBack();
      tell();
    }
  }

  #expectBack(): void {
    this.#awayUntilMs.push(this.#clock.monotonic() + RETURN_WITHIN_MS);
  }
}
