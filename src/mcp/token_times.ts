/** The expiry as scripts read it: whole Unix seconds, never later than the true one. */
export function toUnixSeconds(expiresAtMs: number): number {
  return Math.floor(expiresAtMs / 1000);
}

/** Whole seconds that remain at `nowMs`, never more than really remain, and 0 once there are none. */
export function secondsLeft(expiresAtMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((expiresAtMs - nowMs) / 1000));
}
