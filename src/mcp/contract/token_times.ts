/** The expiry as scripts read it: whole Unix seconds, never later than the true one. */
export function toUnixSeconds(expiresAtMs: number): number {
  return Math.floor(expiresAtMs / 1000);
}

/** When something ends. */
export interface Ending {
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
  /** How long it lives altogether, in milliseconds, where that is known. */
  readonly lifetimeMs?: number;
}

/**
 * Whole seconds that remain at `nowMs`, never more than really remain, and 0 once there are none. Where the clock was set
 * back since, nobody can tell what remains: then it is no more than the whole life.
 */
export function secondsLeft({ expiresAtMs, lifetimeMs = Infinity }: Ending, nowMs: number): number {
  return Math.max(0, Math.floor(Math.min(expiresAtMs - nowMs, lifetimeMs) / 1000));
}
