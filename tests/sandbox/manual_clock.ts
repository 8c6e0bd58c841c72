import type { Clock } from "../../src/ports/clock.ts";

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test lets time pass. */
export class ManualClock implements Clock {
  #nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  #monotonicMs = 0;
  readonly #sleepers = new Set<Sleeper>();
  #watchers: (() => void)[] = [];

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted) return Promise.reject(signal.reason);
    const onAbort = (): void => {
      this.#sleepers.delete(sleeper);
      reject(signal?.reason);
    };
    const sleeper: Sleeper = {
      atMs: this.#monotonicMs + ms,
      wake: () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
    };
    signal?.addEventListener("abort", onAbort);
    this.#sleepers.add(sleeper);
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

  /** Lets `ms` milliseconds pass and wakes whoever is due. */
  pass(ms: number): void {
    this.#nowMs += ms;
    this.#monotonicMs += ms;
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.atMs > this.#monotonicMs) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
