import type { Clock } from "../ports/clock.ts";

/**
 * A clock whose wall time can be moved, on top of another clock. A move ages every token at once. The speed of time,
 * and waits, are those of the base clock.
 *
 * An embedded sandbox and its server share one object. Where the sandbox runs in another process,
 * `followSandboxClock()` keeps the server's object in step.
 */
export class OffsetClock implements Clock {
  readonly #base: Clock;
  readonly #listeners = new Set<() => void>();
  #offsetMs = 0;
  #seq = 0;

  /** Starts in step with `base`. */
  constructor(base: Clock) {
    this.#base = base;
  }

  /** Wall time of the base clock plus the offset, in Unix milliseconds. */
  now(): number {
    return this.#base.now() + this.#offsetMs;
  }

  /** Of the base clock: moves do not change it. */
  monotonic(): number {
    return this.#base.monotonic();
  }

  /** Of the base clock: moves shorten no wait. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#base.sleep(ms, signal);
  }

  /** Milliseconds by which it is ahead of the base clock; negative where it is behind. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Number of moves since construction. */
  get seq(): number {
    return this.#seq;
  }

  /**
   * Moves the wall time by `ms` milliseconds, back where negative.
   *
   * @throws RangeError when `ms` is not finite.
   */
  advance(ms: number): void {
    this.setOffset(this.#offsetMs + ms);
  }

  /**
   * Sets the offset to `ms` milliseconds. Counts as a move even where the offset stays the same.
   *
   * @throws RangeError when `ms` is not finite.
   */
  setOffset(ms: number): void {
    if (!Number.isFinite(ms)) throw new RangeError(`Cannot move the clock: offset must be finite: ${ms}`);
    this.#offsetMs = ms;
    this.#seq += 1;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` after each move, before the move returns. Returns what ends that. */
  onMove(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
