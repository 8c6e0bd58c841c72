import type { Clock } from "../../src/ports/clock.ts";

/** Wall clock of a process without an offset when a walk begins. */
export const START_MS: number = Date.UTC(2026, 0, 2, 3, 4, 5);
/** A wait at least this long is a deadline, not a poll. */
const LONG_WAIT_MS = 1_000;

interface Timer {
  readonly dueMs: number;
  readonly isLong: boolean;
  readonly isAlive: () => boolean;
  readonly wake: () => void;
}

/** How far a process's clocks are off. */
export interface ClockOffsets {
  /** Added to the wall clock, in milliseconds. */
  readonly wallMs?: number;
  /** Added to the monotonic clock, in milliseconds. */
  readonly monotonicMs?: number;
}

/** The time of one world. It passes at once, when the explorer lets it. */
export class VirtualTime {
  /** Since the world began, in milliseconds. */
  elapsedMs = 0;
  readonly #timers = new Set<Timer>();

  /** A process's clocks. Its timers no longer fire once `isAlive` returns `false`; `onWake` is called with each that fires. */
  clock({ wallMs = 0, monotonicMs = 0 }: ClockOffsets, isAlive: () => boolean, onWake: () => void): Clock {
    return {
      now: () => Math.floor(START_MS + wallMs + this.elapsedMs),
      monotonic: () => monotonicMs + this.elapsedMs,
      sleep: (ms, signal) => this.#sleep(ms, isAlive, onWake, signal),
    };
  }

  /** Milliseconds to the next timer; `long` leaves out polls. `undefined`: there is none. */
  untilDue(long = false): number | undefined {
    const due = [...this.#timers].filter(({ isLong, isAlive }) => isAlive() && (isLong || !long))
      .map(({ dueMs }) => dueMs);
    return due.length === 0 ? undefined : Math.max(0, Math.min(...due) - this.elapsedMs);
  }

  /** Lets `ms` milliseconds pass and fires the timers that are due, the earliest first. */
  pass(ms: number): void {
    this.elapsedMs += ms;
    const due = [...this.#timers].filter(({ dueMs }) => dueMs <= this.elapsedMs);
    for (const timer of due.toSorted((a, b) => a.dueMs - b.dueMs)) {
      this.#timers.delete(timer);
      timer.wake();
    }
  }

  #sleep(ms: number, isAlive: () => boolean, onWake: () => void, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => {
      this.#timers.delete(timer);
      reject(signal?.reason);
    };
    const timer: Timer = {
      dueMs: this.elapsedMs + ms,
      isLong: ms >= LONG_WAIT_MS,
      isAlive,
      wake: () => {
        signal?.removeEventListener("abort", onAbort);
        if (!isAlive()) return;
        onWake();
        resolve();
      },
    };
    this.#timers.add(timer);
    signal?.addEventListener("abort", onAbort);
    return promise;
  }
}
