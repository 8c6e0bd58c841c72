import type { RecordName, TokenRecord } from "../ports/store.ts";

/** Caller-held records are kept so long where Feishu gave the refresh token no life: its hard cap (365 days). */
export const CALLER_KEPT_MS = 365 * 24 * 60 * 60 * 1_000;

/** When the key of `record` may be cleaned up, Unix milliseconds: nothing in it works by then. Nothing is judged by it. */
export function keepTokenUntilMs(name: RecordName, record: TokenRecord, nowMs: number): number {
  const { expiresAtMs, refreshExpiresAtMs } = record.token;
  if (name.kind === "app") return expiresAtMs;
  return Math.max(expiresAtMs, refreshExpiresAtMs ?? nowMs + CALLER_KEPT_MS);
}

/** `keepMs` as KV's `expireIn`: whole, non-negative milliseconds; `null` keeps for ever. */
export function expiry(keepMs: number | null): { expireIn?: number } {
  return keepMs === null ? {} : { expireIn: Math.max(0, Math.floor(keepMs)) };
}
