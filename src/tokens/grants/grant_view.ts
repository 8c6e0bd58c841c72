import { defined } from "../../defined.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { RecordName, Snapshot, Status, TokenRecord } from "../../ports/store.ts";
import type { KeptLogin, LoginUser } from "../../ports/logins.ts";
import { dueAtMsOf } from "./grant_index.ts";

/** A day, in milliseconds. */
export const DAY_MS: number = 24 * 60 * 60 * 1_000;

/** A grant as people and agents see it at `nowMs`, Unix milliseconds. */
export function keptLoginOf(
  name: RecordName,
  record: TokenRecord,
  status: Status | null,
  nowMs: number,
): KeptLogin {
  const { token, auth } = record;
  const { brand, appId } = name.credentials;
  const loginEndsAtMs = auth?.endsS === undefined ? undefined : auth.endsS * 1_000;
  const isMarked = markOf(record, status) !== null;
  const isOver = refreshEndsAtMs(record) <= nowMs;
  const dueAtMs = dueAtMsOf(record);
  return {
    brand,
    appId,
    user: userOf(name, record),
    scope: token.scope ?? "",
    accessTokenExpiresAtMs: token.expiresAtMs,
    ...defined({ refreshTokenExpiresAtMs: token.refreshExpiresAtMs, loginEndsAtMs }),
    renewable: !isMarked && !isOver,
    lastRenewedAtMs: token.expiresAtMs - token.lifetimeMs,
    ...(isMarked || isOver || dueAtMs === null ? {} : { nextRenewalAtMs: dueAtMs }),
    needsLogin: isMarked || isOver,
    ...defined({ problem: problemOf(record, status, nowMs) }),
  };
}

/** The person of a grant. */
export function userOf({ user = "" }: RecordName, { who }: TokenRecord): LoginUser {
  return { openId: user, ...defined({ name: who?.name, tenantKey: who?.tenantKey }) };
}

/**
 * When nothing can renew a grant any more, Unix milliseconds: its refresh token or its authorization has ended;
 * `-Infinity` for one without a refresh token.
 */
export function refreshEndsAtMs({ token, auth }: TokenRecord): number {
  if (token.refreshToken === undefined) return -Infinity;
  return Math.min(token.refreshExpiresAtMs ?? Infinity, (auth?.endsS ?? Infinity) * 1_000);
}

/** The mark on a grant's newest pair: Feishu has refused its refresh token for good. `null` where there is none. */
export function markOf({ fp }: TokenRecord, status: Status | null): Status | null {
  return status !== null && status.fp === fp && status.mark !== "cool_down" ? status : null;
}

/** Why the last renewal of a grant failed, as long as that counts. */
function problemOf(
  { fp }: TokenRecord,
  status: Snapshot["status"]["value"],
  nowMs: number,
): TokenError | undefined {
  if (status === null || status.fp !== fp) return undefined;
  const { mark, errorCode, feishuCode, logId, detail, challengeUrl, untilMs = 0 } = status;
  const facts = defined({ feishuCode, logId, detail, challengeUrl });
  if (mark === "rotation_outcome_unknown") return new TokenError("rotation_outcome_unknown", facts);
  if (mark === "needs_login") return new TokenError(errorCode, facts);
  return untilMs > nowMs ? new TokenError(errorCode, { ...facts, retryAfterMs: untilMs - nowMs }) : undefined;
}
