import type { Clock } from "../../src/ports/clock.ts";

/** A clock that stands at `nowMs`; its sleeps end by {@linkcode ManualClock.wake} or by their signal. */
export class ManualClock implements Clock {
  /** Wall clock; set it at will. */
  nowMs: number;
  /** Lengths of the sleeps that were asked for. */
  readonly sleeps: number[] = [];
  readonly #sleepers = new Set<() => void>();

  constructor(nowMs = 1_700_000_000_000) {
    this.nowMs = nowMs;
  }

  now(): number {
    return this.nowMs;
  }

  monotonic(): number {
    return this.nowMs;
  }

  /** How many sleeps have neither ended nor been aborted. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = (): void => {
      this.#sleepers.delete(end);
      resolve();
    };
    this.#sleepers.add(end);
    signal?.addEventListener("abort", () => {
      this.#sleepers.delete(end);
      reject(signal.reason);
    }, { once: true });
    return promise;
  }

  /** Ends every sleep. */
  wake(): void {
    for (const end of this.#sleepers) end();
  }
}
