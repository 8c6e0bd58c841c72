/** An expiry in whole Unix seconds, rounded down. */
export function toUnixSeconds(expiresAtMs: number): number {
  return Math.floor(expiresAtMs / 1000);
}

/** The expiry of a token. */
export interface Ending {
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
  /** From issue to expiry, in milliseconds; absent where it is unknown. */
  readonly lifetimeMs?: number;
}

/**
 * Whole seconds from `nowMs` to the expiry, rounded down; 0 after it. The clock may have been set back since the token
 * was issued, so the result never exceeds the lifetime.
 */
export function secondsLeft({ expiresAtMs, lifetimeMs = Infinity }: Ending, nowMs: number): number {
  return Math.max(0, Math.floor(Math.min(expiresAtMs - nowMs, lifetimeMs) / 1000));
}
