import type { AppCredentials } from "../../src/ports/feishu.ts";
import { isTombstone } from "../../src/ports/record_order.ts";
import type { Lease, RecordName, Status, TokenRecord, Tombstone } from "../../src/ports/store.ts";
import { Secret } from "../../src/secret.ts";

/** What must be found nowhere outside a caller's own memory. */
export const PLANTED = {
  appId: "cli_planted0app0id",
  appSecret: "planted-app-secret-3f9a",
  accessToken: "u-planted-access-token-77c1",
  refreshToken: "ur-planted-successor-token-b82e",
  presented: "ur-planted-presented-token-05d4",
  openId: "ou_planted0open0id",
} as const;

/** The sample app. */
export const APP: AppCredentials = {
  brand: "feishu",
  appId: PLANTED.appId,
  appSecret: new Secret(PLANTED.appSecret),
};

/** Name of the app's own record. */
export const APP_NAME: RecordName = { kind: "app", credentials: APP };

/** Name of the record of a caller-held refresh token. */
export function callerName(presented: string = PLANTED.presented): RecordName {
  return { kind: "caller", credentials: APP, presented: new Secret(presented) };
}

/** A user's pair with every optional field, as it follows a refresh. */
export function userRecord(more: Partial<TokenRecord> = {}): TokenRecord {
  return {
    login: 0,
    gen: 1,
    fp: "fingerprint-of-successor",
    secretFp: "fingerprint-of-secret",
    token: {
      accessToken: new Secret(PLANTED.accessToken),
      expiresAtMs: Date.UTC(2026, 0, 2, 5),
      lifetimeMs: 7_200_000,
      refreshToken: new Secret(PLANTED.refreshToken),
      refreshExpiresAtMs: Date.UTC(2026, 0, 9),
      tokenType: "Bearer",
      scope: "auth:user.id:read offline_access",
    },
    endpoint: "v2",
    ...more,
  };
}

/** An app token: no optional field. */
export function appRecord(more: Partial<TokenRecord> = {}): TokenRecord {
  return {
    login: 0,
    gen: 3,
    fp: "fingerprint-of-token",
    secretFp: "fingerprint-of-secret",
    token: {
      accessToken: new Secret("t-planted-app-token-19e0"),
      expiresAtMs: Date.UTC(2026, 0, 2, 5),
      lifetimeMs: 7_200_000,
    },
    ...more,
  };
}

/** Name of the record of a user's authorization. */
export const GRANT_NAME: RecordName = { kind: "grant", credentials: APP, user: PLANTED.openId };

/** What a logout leaves of the login of {@linkcode userRecord}. */
export function tombstone(more: Partial<Tombstone> = {}): Tombstone {
  return { login: 0, gen: 1, endedAtMs: Date.UTC(2026, 0, 2, 3), ...more };
}

/** A lease that is held. */
export function lease(more: Partial<Lease> = {}): Lease {
  return {
    nonce: "nonce-1",
    machine: "machine-1",
    process: "process-1",
    fp: "fingerprint-presented",
    lifeMs: 40_000,
    issuedAtMs: Date.UTC(2026, 0, 2, 3),
    unknown: false,
    ...more,
  };
}

/** A cool-down with every optional field. */
export function status(more: Partial<Status> = {}): Status {
  return {
    fp: "fingerprint-presented",
    mark: "cool_down",
    errorCode: "feishu_unavailable",
    untilMs: Date.UTC(2026, 0, 2, 3, 1),
    feishuCode: 20050,
    detail: { en: "the proxy does not answer", zh: "代理没有响应" },
    logId: "2026010203000000000000000000000001",
    challengeUrl: "https://accounts.feishu.cn/challenge?flow=planted",
    atMs: Date.UTC(2026, 0, 2, 3),
    ...more,
  };
}

/** `record` with its secrets in the open, so that a test can compare it: two `Secret`s hide what they hold. */
export function revealed(record: TokenRecord | Tombstone | null): unknown {
  if (record === null || isTombstone(record)) return record;
  const { accessToken, refreshToken, ...rest } = record.token;
  return {
    ...record,
    token: { ...rest, accessToken: accessToken.reveal(), refreshToken: refreshToken?.reveal() },
  };
}
