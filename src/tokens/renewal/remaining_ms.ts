import type { IssuedToken } from "../../ports/feishu.ts";
import { CLOCK_SLACK_MS } from "./limits.ts";

/**
 * What is left of `token` at `nowMs`, in milliseconds, never more than Feishu granted; negative once it has expired. 0 where
 * far more would be left: then the wall clock was set back since, and nobody can tell when the token really ends.
 */
export function remainingMs({ expiresAtMs, lifetimeMs }: IssuedToken, nowMs: number): number {
  const left = expiresAtMs - nowMs;
  return left > lifetimeMs + CLOCK_SLACK_MS ? 0 : Math.min(left, lifetimeMs);
}
