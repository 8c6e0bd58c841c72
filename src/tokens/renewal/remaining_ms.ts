import type { IssuedToken } from "../../ports/feishu.ts";

/** A user token with less than this left is renewed before it is handed out. */
export const USER_MANDATORY_MS = 300_000;
/** A token with less than this left is not handed out, not even with a warning: it would expire on its way to the caller. */
export const SERVE_FLOOR_MS = 30_000;
/** The wall clocks of machines may differ by this much, or one be set right, before a time in the store is not believed. */
export const CLOCK_SLACK_MS = 60_000;

/**
 * What is left of `token` at `nowMs`, in milliseconds, never more than Feishu granted; negative once it has expired. 0 where
 * far more would be left: then the wall clock was set back since, and nobody can tell when the token really ends.
 */
export function remainingMs({ expiresAtMs, lifetimeMs }: IssuedToken, nowMs: number): number {
  const left = expiresAtMs - nowMs;
  return left > lifetimeMs + CLOCK_SLACK_MS ? 0 : Math.min(left, lifetimeMs);
}
