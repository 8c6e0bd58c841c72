import type { RecordName, TokenRecord } from "../ports/store.ts";

/** Caller-held records are kept so long where Feishu gave the refresh token no life: its hard cap (365 days). */
export const CALLER_KEPT_MS = 365 * 24 * 60 * 60 * 1_000;

/** What a logout leaves is kept so long: no rotation of the login that ended can turn up later than its hard cap. */
export const TOMBSTONE_KEPT_MS: number = CALLER_KEPT_MS;

/**
 * When the key of `record` may be cleaned up, Unix milliseconds: nothing in it works by then. `null`: never; a grant stays
 * until its user logs out. Nothing is judged by it.
 */
export function keepTokenUntilMs(name: RecordName, record: TokenRecord, nowMs: number): number | null {
  const { expiresAtMs, refreshExpiresAtMs } = record.token;
  switch (name.kind) {
    case "app":
    case "tenant":
      return expiresAtMs;
    case "caller":
      return Math.max(expiresAtMs, refreshExpiresAtMs ?? nowMs + CALLER_KEPT_MS);
    case "grant":
      return null;
  }
}

/** The lease and the status of an app are kept so much longer than they count: nothing is spent in an attempt. */
const APP_ATTEMPT_KEPT_MS = 60_000;

/**
 * When a lease, a status or a spare that counts until `countsUntilMs` may be cleaned up, Unix milliseconds. `null`: never.
 * Those of a caller are kept as long as a refresh token can live, whatever was learned of it; those of an app or its tenant, which a
 * stranger can leave for any id he makes up, only a little longer than they count.
 */
export function keepAttemptUntilMs(name: RecordName, countsUntilMs: number, nowMs: number): number | null {
  switch (name.kind) {
    case "app":
    case "tenant":
      return countsUntilMs + APP_ATTEMPT_KEPT_MS;
    case "caller":
      return nowMs + CALLER_KEPT_MS;
    case "grant":
      return null;
  }
}

/**
 * The moment `untilMs` (Unix milliseconds) as KV's `expireIn`: whole, non-negative milliseconds from `nowMs`. `null` keeps
 * for ever.
 */
export function expiryAt(untilMs: number | null, nowMs: number): { expireIn?: number } {
  return untilMs === null ? {} : { expireIn: Math.max(0, Math.floor(untilMs - nowMs)) };
}
