import { findCode, findOAuthError } from "../../src/feishu/code_table.ts";
import type { FailedCall, IssuedToken } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";
import { DENIED, PENDING, SLOW_DOWN } from "./logins/login_books.ts";
import type { PairName } from "./pair_name.ts";

/** Life of a user token and of an app token, in milliseconds. */
export const ACCESS_LIFE_MS = 7_200_000;
/** Life of a refresh token, in milliseconds. */
export const REFRESH_LIFE_MS = 604_800_000;
/** What a poll that was too fast adds to the pause, in milliseconds. */
const SLOWER_MS = 5_000;

/** `pair` as Feishu issues it for a request that was sent at `sentAtMs`, Unix milliseconds. */
export function issued(pair: PairName, sentAtMs: number, scope?: string): IssuedToken {
  return {
    accessToken: new Secret(`user token of ${pair}`),
    expiresAtMs: sentAtMs + ACCESS_LIFE_MS,
    lifetimeMs: ACCESS_LIFE_MS,
    refreshToken: new Secret(pair),
    refreshExpiresAtMs: sentAtMs + REFRESH_LIFE_MS,
    tokenType: "Bearer",
    ...(scope === undefined ? {} : { scope }),
  };
}

/** A refusal of a refresh token or of the app. */
export function refusal(code: number): FailedCall {
  return refusedBy(code, "oauth");
}

/** A refusal of the access token of a user. */
export function userRefusal(code: number): FailedCall {
  return refusedBy(code, "user");
}

function refusedBy(code: number, family: "oauth" | "user"): FailedCall {
  const row = findCode(code, family);
  if (row === undefined) throw new RangeError(`Not in the table of codes: ${code}`);
  const { verdict, mayHaveConsumed, errorCode } = row;
  return {
    kind: "refused",
    refusal: { verdict, mayHaveConsumed, errorCode, httpStatus: 400, feishuCode: code },
  };
}

/** A refusal of a device code. `intervalMs`: the pause before the poll. */
export function deviceRefusal(code: number, intervalMs: number): FailedCall {
  const row = code === DENIED ? findOAuthError("access_denied", "device") : findCode(code, "device");
  if (row === undefined) throw new RangeError(`Not in the table of codes: ${code}`);
  const { verdict, mayHaveConsumed, errorCode } = row;
  const retryAfterMs = code === PENDING
    ? intervalMs
    : code === SLOW_DOWN
    ? intervalMs + SLOWER_MS
    : undefined;
  return {
    kind: "refused",
    refusal: {
      ...{ verdict, mayHaveConsumed, errorCode, httpStatus: 400 },
      ...(code === DENIED ? {} : { feishuCode: code }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  };
}

/** No answer came. */
export function unanswered(sent: boolean): FailedCall {
  return { kind: "unanswered", sent, timedOut: sent, detail: { en: "no answer", zh: "无应答" } };
}
