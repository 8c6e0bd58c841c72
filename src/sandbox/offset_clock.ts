import type { Clock } from "../ports/clock.ts";

/**
 * A wall clock that can be moved by hand, on top of another clock. Moving it ages every token at once; how fast time
 * passes, and how long a wait really takes, stays the base clock's matter.
 *
 * An embedded sandbox and its server hold the same object. Where the sandbox runs elsewhere, `followSandboxClock()`
 * keeps this process's one in step.
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

  /** Wall clock, Unix milliseconds: the base clock's plus the offset. */
  now(): number {
    return this.#base.now() + this.#offsetMs;
  }

  /** The base clock's: moving the wall clock does not touch it. */
  monotonic(): number {
    return this.#base.monotonic();
  }

  /** The base clock's: moving the wall clock shortens no wait. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#base.sleep(ms, signal);
  }

  /** By how much the wall clock is ahead of the base clock, in milliseconds. Negative when it is behind. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Counts the moves since construction. Never goes back. */
  get seq(): number {
    return this.#seq;
  }

  /**
   * Moves the wall clock by `ms` milliseconds, back when negative.
   *
   * @throws RangeError when `ms` is not finite.
   */
  advance(ms: number): void {
    this.setOffset(this.#offsetMs + ms);
  }

  /**
   * Sets the offset to `ms` milliseconds. Counts as a move even when the offset was the same.
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
