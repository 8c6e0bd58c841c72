import type { Clock } from "../../src/ports/clock.ts";

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test lets time pass. Both of its times move together. */
export class ManualClock implements Clock {
  #elapsedMs = 0;
  readonly #startMs: number;
  readonly #sleepers = new Set<Sleeper>();
  #watchers: (() => void)[] = [];

  /** Starts at `startMs`, Unix milliseconds. */
  constructor(startMs = Date.UTC(2026, 0, 2, 3, 4, 5)) {
    this.#startMs = startMs;
  }

  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper: Sleeper = { wakeAtMs: this.#elapsedMs + ms, wake: resolve };
    this.#sleepers.add(sleeper);
    signal?.addEventListener("abort", () => {
      this.#sleepers.delete(sleeper);
      reject(signal.reason);
    }, { once: true });
    for (const watcher of this.#watchers.splice(0)) watcher();
    return promise;
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Resolves when at least `count` sleep. */
  async untilSleeping(count: number): Promise<void> {
    while (this.#sleepers.size < count) {
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  /** Resolves when somebody sleeps who is due within `ms` milliseconds. */
  async untilDueWithin(ms: number): Promise<void> {
    while (![...this.#sleepers].some(({ wakeAtMs }) => wakeAtMs <= this.#elapsedMs + ms)) {
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  /** Lets `ms` milliseconds pass and wakes whoever is due. */
  pass(ms: number): void {
    this.#elapsedMs += ms;
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.wakeAtMs > this.#elapsedMs) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
