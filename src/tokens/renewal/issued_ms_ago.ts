import type { TokenRecord } from "../../ports/store.ts";

/**
 * How long before `nowMs` (Unix milliseconds) a process asked Feishu for the token of `record`, by the clock of that
 * process; negative where that clock is ahead.
 */
export function issuedMsAgo({ token }: TokenRecord, nowMs: number): number {
  return nowMs - (token.expiresAtMs - token.lifetimeMs);
}
