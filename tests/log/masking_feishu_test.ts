import assert from "node:assert/strict";
import { Mask } from "../../src/log/mask.ts";
import { maskingFeishu } from "../../src/log/masking_feishu.ts";
import type { FeishuAnswer, FeishuPort } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";
import { NO_LOGINS } from "../support/no_logins.ts";

const CREDENTIALS = {
  brand: "feishu",
  appId: "cli_a1",
  appSecret: new Secret("planted app secret"),
} as const;

function feishu(answer: FeishuAnswer): FeishuPort {
  const answered = (): Promise<FeishuAnswer> => Promise.resolve(answer);
  return {
    ...NO_LOGINS,
    issueAppToken: answered,
    issueTenantToken: answered,
    refreshUserToken: answered,
    redeemDeviceCode: answered,
    redeemCode: answered,
  };
}

const ISSUED: FeishuAnswer = {
  kind: "issued",
  token: {
    accessToken: new Secret("planted access"),
    refreshToken: new Secret("planted refresh"),
    expiresAtMs: 1,
    lifetimeMs: 1,
  },
};

Deno.test("maskingFeishu() makes known what a refresh presents and what Feishu issues", async () => {
  const mask = new Mask();
  const answer = await maskingFeishu(feishu(ISSUED), mask).refreshUserToken({
    endpoint: "v2",
    credentials: CREDENTIALS,
    refreshToken: new Secret("presented one"),
    timeoutMs: 1,
  });
  assert.equal(answer, ISSUED);
  assert.equal(
    mask.apply("planted app secret, presented one, planted access, planted refresh"),
    "[secret], [secret], [secret], [secret]",
  );
});

Deno.test("maskingFeishu() makes known the app secret when Feishu issues nothing", async () => {
  const mask = new Mask();
  const detail = { en: "no route", zh: "没有路由" };
  const unanswered: FeishuAnswer = { kind: "unanswered", sent: false, timedOut: false, detail };
  await maskingFeishu(feishu(unanswered), mask).issueAppToken({ credentials: CREDENTIALS, timeoutMs: 1 });
  assert.equal(mask.apply("planted app secret"), "[secret]");
});

Deno.test("maskingFeishu() makes known the device code that Feishu gives and that a poll presents", async () => {
  const device = {
    deviceCode: new Secret("planted device code"),
    userCode: "Z5QJ-KR82",
    verificationUrl: "https://accounts.feishu.cn/oauth/v1/device/verify",
    expiresAtMs: 1,
    intervalMs: 1,
  };
  const started = new Mask();
  const port = {
    ...feishu(ISSUED),
    startDevice: () => Promise.resolve({ kind: "started", device } as const),
  };
  await maskingFeishu(port, started).startDevice({ credentials: CREDENTIALS, scopes: [], timeoutMs: 1 });
  assert.equal(started.apply("planted app secret, planted device code"), "[secret], [secret]");

  const polled = new Mask();
  await maskingFeishu(port, polled).redeemDeviceCode({
    endpoint: "v2",
    credentials: CREDENTIALS,
    deviceCode: device.deviceCode,
    intervalMs: 1,
    timeoutMs: 1,
  });
  assert.equal(
    polled.apply("planted app secret, planted device code, planted access, planted refresh"),
    "[secret], [secret], [secret], [secret]",
  );
});

Deno.test("maskingFeishu() makes known what the address of the page and the exchange of a code carry", async () => {
  const mask = new Mask();
  const [verifier, state] = [new Secret("planted verifier"), new Secret("planted state")];
  const redirectUri = "http://127.0.0.1:8081/callback";
  const port = maskingFeishu({ ...feishu(ISSUED), authorizeUrl: () => "https://a.test/" }, mask);
  port.authorizeUrl({ credentials: CREDENTIALS, redirectUri, scopes: [], state, verifier });
  await port.redeemCode({
    endpoint: "v2",
    credentials: CREDENTIALS,
    code: new Secret("planted code"),
    redirectUri,
    verifier,
    timeoutMs: 1,
  });
  assert.equal(
    mask.apply("planted verifier, planted state, planted code, planted access, planted refresh"),
    "[secret], [secret], [secret], [secret], [secret]",
  );
});

Deno.test("maskingFeishu() makes known the tokens that are asked about, asked with and revoked", async () => {
  const mask = new Mask();
  const port = maskingFeishu({
    ...feishu(ISSUED),
    userInfo: () => Promise.resolve({ kind: "user", user: { openId: "ou_1" } }),
    appScopes: () => Promise.resolve({ kind: "scopes", scopes: [] }),
    revoke: () => Promise.resolve({ kind: "revoked" }),
  }, mask);
  await port.userInfo({ brand: "feishu", accessToken: new Secret("planted user token"), timeoutMs: 1 });
  await port.appScopes({
    credentials: CREDENTIALS,
    tenantToken: new Secret("planted tenant token"),
    timeoutMs: 1,
  });
  await port.revoke({
    credentials: CREDENTIALS,
    token: new Secret("planted ended one"),
    tokenType: "refresh_token",
    timeoutMs: 1,
  });
  assert.equal(
    mask.apply("planted user token, planted tenant token, planted app secret, planted ended one"),
    "[secret], [secret], [secret], [secret]",
  );
});
