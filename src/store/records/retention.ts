import type { Lease, RecordName, Status, TokenRecord } from "../../ports/store.ts";

/** How long a caller-held record is kept where Feishu gave the refresh token no life: Feishu's hard cap, 365 days. */
export const CALLER_KEPT_MS = 365 * 24 * 60 * 60 * 1_000;

/** How long the tombstone of a grant is kept: after Feishu's hard cap no rotation of the login that ended works any more. */
export const TOMBSTONE_KEPT_MS: number = CALLER_KEPT_MS;

/**
 * When a tombstone may be cleaned up, Unix milliseconds. That of a login says that its pair is in a grant, which the
 * login's own record tells as well.
 */
export function keepTombstoneUntilMs({ kind }: RecordName, nowMs: number): number {
  return nowMs + (kind === "login" ? LOGIN_KEPT_MS : TOMBSTONE_KEPT_MS);
}

/**
 * When the key of `record` may be cleaned up, Unix milliseconds: no token in it works by then. `null`: never, since a
 * grant stays until its user logs out. Whether a token still works is never judged by it.
 */
export function keepTokenUntilMs(name: RecordName, record: TokenRecord, nowMs: number): number | null {
  const { expiresAtMs, refreshExpiresAtMs } = record.token;
  switch (name.kind) {
    case "app":
    case "tenant":
      return expiresAtMs;
    case "caller":
    case "login":
      return Math.max(expiresAtMs, refreshExpiresAtMs ?? nowMs + CALLER_KEPT_MS);
    case "grant":
      return null;
  }
}

/** How much longer than it counts a lease of an app, or a cool-down, is kept. */
const KEPT_LONGER_MS = 60_000;
/** How long a refusal of a refresh token is kept. It may be dropped, since Feishu would refuse the token again. */
const REFUSAL_KEPT_MS = 30 * 24 * 60 * 60 * 1_000;
/** How long lease and status of a login are kept. A code lives for minutes; its outcome is told for a day. */
const LOGIN_KEPT_MS = 24 * 60 * KEPT_LONGER_MS;
/** How long the note of a pair that a report has brought is kept. It counts for a minute. */
const NOTE_KEPT_MS = 10 * KEPT_LONGER_MS;

/**
 * When a lease may be cleaned up, Unix milliseconds; `null`: never. A lease of an app or a tenant ends soon after it is
 * over, because a stranger can leave one for any id that he makes up. Any other lease may say that the outcome of a
 * presentation is unknown, so a caller's is kept as long as a refresh token can live.
 */
export function keepLeaseUntilMs(name: RecordName, lease: Lease, nowMs: number): number | null {
  switch (name.kind) {
    case "app":
    case "tenant":
      return nowMs + lease.lifeMs + KEPT_LONGER_MS;
    case "caller":
      return nowMs + CALLER_KEPT_MS;
    case "login":
      return nowMs + LOGIN_KEPT_MS;
    case "grant":
      return null;
  }
}

/** When a status may be cleaned up, Unix milliseconds; `null`: never. */
export function keepStatusUntilMs(name: RecordName, status: Status, nowMs: number): number | null {
  if (name.kind === "grant") return null;
  if (name.kind === "login") return nowMs + LOGIN_KEPT_MS;
  switch (status.mark) {
    case "cool_down":
      return (status.untilMs ?? nowMs) + KEPT_LONGER_MS;
    case "needs_login":
      return nowMs + REFUSAL_KEPT_MS;
    case "rotation_outcome_unknown":
      return nowMs + CALLER_KEPT_MS;
  }
}

/** When a spare may be cleaned up, Unix milliseconds; `null`: never. */
export function keepSpareUntilMs(name: RecordName, nowMs: number): number | null {
  return name.kind === "grant" ? null : nowMs + NOTE_KEPT_MS;
}

/**
 * The moment `untilMs` (Unix milliseconds) as KV's `expireIn`: whole, non-negative milliseconds from `nowMs`. `null`
 * keeps for ever.
 */
export function expiryAt(untilMs: number | null, nowMs: number): { expireIn?: number } {
  return untilMs === null ? {} : { expireIn: Math.max(0, Math.floor(untilMs - nowMs)) };
}
