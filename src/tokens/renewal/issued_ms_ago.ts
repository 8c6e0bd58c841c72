import type { TokenRecord } from "../../ports/store.ts";

/**
 * How long before `nowMs` (Unix milliseconds) Feishu was asked for the token of `record`, by the clock of the process that
 * asked; negative where that one is ahead.
 */
export function issuedMsAgo({ token }: TokenRecord, nowMs: number): number {
  return nowMs - (token.expiresAtMs - token.lifetimeMs);
}
