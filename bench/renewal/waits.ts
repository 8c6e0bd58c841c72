import { median } from "../median.ts";

/** How long callers waited, in milliseconds. */
export interface Waits {
  /** The middle. */
  readonly p50: number;
  /** All but one in a hundred. */
  readonly p99: number;
  /** The longest. */
  readonly max: number;
}

/** The smallest of `values` that `share` (0 to 1) of them do not exceed: the nearest rank. `NaN` where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** The figures of `tookMs`, one number a caller. */
export function waitsOf(tookMs: readonly number[]): Waits {
  return { p50: percentile(tookMs, 0.5), p99: percentile(tookMs, 0.99), max: percentile(tookMs, 1) };
}

/** The middle of each of several rounds' waits. */
export function medianWaits(rounds: readonly Waits[]): Waits {
  return {
    p50: median(rounds.map(({ p50 }) => p50)),
    p99: median(rounds.map(({ p99 }) => p99)),
    max: median(rounds.map(({ max }) => max)),
  };
}
