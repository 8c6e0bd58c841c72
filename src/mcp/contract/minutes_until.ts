/** How many whole minutes a person is told to have until `atMs`, at least 1. Both are Unix milliseconds. */
export function minutesUntil(atMs: number, nowMs: number): number {
  return Math.max(1, Math.floor((atMs - nowMs) / 60_000));
}
