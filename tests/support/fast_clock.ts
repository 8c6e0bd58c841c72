import type { Clock } from "../../src/ports/clock.ts";

/** A clock that goes `speed` times as fast as `base`: deadlines and pauses pass so much sooner, and their order stays. */
export function fastClock(base: Clock, speed: number): Clock {
  const startMs = base.now();
  const startMonotonicMs = base.monotonic();
  const passedMs = (): number => (base.monotonic() - startMonotonicMs) * speed;
  return {
    now: () => startMs + passedMs(),
    monotonic: passedMs,
    sleep: (ms, signal) => base.sleep(ms / speed, signal),
  };
}
