import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { buildDeviceRedeem, readDeviceRedeem } from "../../src/feishu/device_redeem.ts";
import { createHosts } from "../../src/feishu/hosts.ts";
import type { FeishuAnswer, Refusal } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";
import { SENT_AT_MS, wireAnswer } from "./wire_answer.ts";

const REQUEST = { deviceCode: new Secret("planted-device-code"), intervalMs: 5_000 };
const PAIR = { access_token: "eyJa", refresh_token: "eyJr", expires_in: 7200, scope: "a offline_access" };

function read(body: string | object, status = 400, headers = {}): FeishuAnswer {
  return readDeviceRedeem(wireAnswer(body, { status, headers }), REQUEST);
}

function refused(...args: Parameters<typeof read>): Refusal {
  const answer = read(...args);
  assert(answer.kind === "refused", answer.kind);
  return answer.refusal;
}

Deno.test.each(
  [
    ["v2", "https://open.feishu.cn/open-apis/authen/v2/oauth/token"],
    ["v3", "https://accounts.feishu.cn/oauth/v3/token"],
  ] as const,
)("`buildDeviceRedeem()` presents the code to %s", (endpoint, url) => {
  const request = buildDeviceRedeem(createHosts(), {
    ...REQUEST,
    endpoint,
    credentials: { brand: "feishu", appId: "cli_a", appSecret: new Secret("s-1") },
    timeoutMs: 1000,
  });
  assert.deepEqual(request, {
    url,
    body: {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: "cli_a",
      client_secret: "s-1",
      device_code: "planted-device-code",
    },
  });
});

Deno.test.each([
  [{ error: "authorization_pending", code: 20094 }, 5_000],
  [{ error: "authorization_pending" }, 5_000],
  [{ error: "slow_down", code: 20095 }, 10_000],
  [{ error: "slow_down" }, 10_000],
  [{ code: "20095" }, 10_000],
])("`readDeviceRedeem()` reads %o as no failure, with a wait of %i ms", (body, retryAfterMs) => {
  const refusal = refused(body);
  assert.deepEqual([refusal.verdict, refusal.errorCode, refusal.retryAfterMs], [
    "pending",
    "login_pending",
    retryAfterMs,
  ]);
});

Deno.test("`readDeviceRedeem()` reads the same beside 200", () => {
  assert.equal(refused({ error: "authorization_pending" }, 200).verdict, "pending");
  assert.equal(refused({ code: 20094, msg: "…" }, 200).verdict, "pending");
});

Deno.test("`readDeviceRedeem()` lets the wait grow to a minute and no further", () => {
  const answer = wireAnswer({ error: "slow_down" }, { status: 400 });
  const read = readDeviceRedeem(answer, { ...REQUEST, intervalMs: 58_000 });
  assert(read.kind === "refused");
  assert.equal(read.refusal.retryAfterMs, 60_000);
});

Deno.test("`readDeviceRedeem()` heeds a longer wait that the answer asks for", () => {
  assert.equal(refused({ error: "authorization_pending" }, 400, { "retry-after": "9" }).retryAfterMs, 9_000);
});

Deno.test.each([
  [{ error: "access_denied" }, 400, "permanent", "login_denied", false],
  [{ error: "expired_token" }, 400, "permanent", "login_expired", false],
  [{ error: "invalid_grant", code: 20079 }, 400, "ambiguous", "login_outcome_unknown", false],
  [{ error: "invalid_client", code: 20002 }, 400, "config", "credentials_refused", false],
  [{ error: "temporarily_unavailable", code: 20072 }, 503, "transient", "feishu_unavailable", false],
  [{ error: "server_error", code: 20050 }, 500, "transient", "feishu_unavailable", true],
  ["<html>Bad gateway</html>", 502, "transient", "feishu_unavailable", true],
  ["", 429, "transient", "rate_limited", false],
])("`readDeviceRedeem()` reads %o with %i as %s, %s", (body, status, verdict, errorCode, mayHaveConsumed) => {
  const refusal = refused(body, status);
  assert.deepEqual([refusal.verdict, refusal.errorCode, refusal.mayHaveConsumed], [
    verdict,
    errorCode,
    mayHaveConsumed,
  ]);
});

Deno.test("`readDeviceRedeem()` reads the pair, with what its access token says of the authorization", () => {
  const timeS = SENT_AT_MS / 1000 - 3;
  const claims = { auth_id: "7512345678901234567", auth_time: timeS, auth_exp: timeS + 31_536_000 };
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  const answer = read({ ...PAIR, access_token: `eyJh.${payload}.c2ln` }, 200);
  assert(answer.kind === "issued");
  assert.deepEqual(answer.claims, {
    id: "7512345678901234567",
    timeS,
    endsS: timeS + 31_536_000,
  });
  assert.equal(answer.token.refreshToken?.reveal(), "eyJr");
});

Deno.test("`readDeviceRedeem()` takes a pair without `code`, and one without claims", () => {
  const answer = read(PAIR, 200);
  assert(answer.kind === "issued");
  assert.equal("claims" in answer, false);
});

Deno.test("`readDeviceRedeem()` takes an access token alone where the app gets no refresh token", () => {
  const answer = read({ access_token: "eyJa", expires_in: 7200, token_type: "Bearer", scope: "a" }, 200);
  assert(answer.kind === "issued");
  assert.equal(answer.token.refreshToken, undefined);
});
