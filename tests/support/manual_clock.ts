import type { Clock } from "../../src/ports/clock.ts";

interface Sleeper {
  /** By the monotonic time, in milliseconds. */
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/**
 * The tests' one clock that stands still until a test lets time pass. The wall clock and the monotonic time, which starts
 * at 0, move together; a test that needs them apart puts an `OffsetClock` on top.
 *
 * The program under test runs between two calls of {@linkcode ManualClock.pass}. A test awaits what it has caused, or
 * {@linkcode ManualClock.untilSleeping}, before it lets more time pass.
 */
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
    const onAbort = (): void => {
      this.#sleepers.delete(sleeper);
      reject(signal?.reason);
    };
    const sleeper: Sleeper = {
      wakeAtMs: this.#elapsedMs + ms,
      wake: () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#sleepers.add(sleeper);
    for (const watcher of this.#watchers.splice(0)) watcher();
    return promise;
  }

  /** How many sleeps have neither ended nor been aborted. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Resolves when at least `count` sleep. */
  async untilSleeping(count: number): Promise<void> {
    while (this.#sleepers.size < count) await this.#nextSleep();
  }

  /** Resolves when a sleep is due within `ms` milliseconds. */
  async untilDueWithin(ms: number): Promise<void> {
    while (![...this.#sleepers].some(({ wakeAtMs }) => wakeAtMs <= this.#elapsedMs + ms)) {
      await this.#nextSleep();
    }
  }

  /** Lets `ms` milliseconds pass and ends each sleep that is due. */
  pass(ms: number): void {
    this.#elapsedMs += ms;
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.wakeAtMs > this.#elapsedMs) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }

  #nextSleep(): Promise<void> {
    return new Promise((resolve) => void this.#watchers.push(resolve));
  }
}
