import type { Clock } from "../../src/ports/clock.ts";

interface Sleeper {
  readonly wakeAtMs: number;
  wake(): void;
}

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  #elapsedMs = 0;
  readonly #startMs: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#startMs = startMs;
  }

  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper: Sleeper = { wakeAtMs: this.#elapsedMs + ms, wake: resolve };
    this.#sleepers.add(sleeper);
    signal?.addEventListener("abort", () => {
      this.#sleepers.delete(sleeper);
      reject(signal.reason);
    }, { once: true });
    return promise;
  }

  /** Moves time on and wakes whoever has slept long enough. */
  advance(ms: number): void {
    this.#elapsedMs += ms;
    for (const sleeper of this.#sleepers) {
      if (sleeper.wakeAtMs > this.#elapsedMs) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }

  /** How many still sleep. */
  get sleeping(): number {
    return this.#sleepers.size;
  }
}
