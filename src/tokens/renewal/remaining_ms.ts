import type { IssuedToken } from "../../ports/feishu.ts";

/** A user token with less than this left is renewed before it is handed out. */
export const USER_MANDATORY_MS = 300_000;
/** A token with less than this left is not handed out, not even with a warning: it would expire on its way to the caller. */
export const SERVE_FLOOR_MS = 30_000;
/** Tolerated difference between wall clocks, or between one before and after it was set: beyond it a stored time is doubted. */
export const CLOCK_SLACK_MS = 60_000;

/**
 * What is left of `token` at `nowMs`, in milliseconds: never more than Feishu granted, negative once it has expired. Where
 * far more would be left the wall clock was set back since; the true expiry is not known then, and the result is 0.
 */
export function remainingMs({ expiresAtMs, lifetimeMs }: IssuedToken, nowMs: number): number {
  const left = expiresAtMs - nowMs;
  return left > lifetimeMs + CLOCK_SLACK_MS ? 0 : Math.min(left, lifetimeMs);
}
