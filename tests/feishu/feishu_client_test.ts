import assert from "node:assert/strict";
import { createFeishuClient } from "../../src/feishu/feishu_client.ts";
import { createHosts } from "../../src/feishu/hosts.ts";
import type { FeishuPort, RefreshEndpoint } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { plainAnswer } from "./plain_answer.ts";
import { rawAnswer, type RawReply, startRawServer } from "./raw_server.ts";

const CREDENTIALS = { brand: "feishu", appId: "cli_a", appSecret: new Secret("planted-secret") } as const;

function client(origin: string, clock = new ManualClock(0)): FeishuPort {
  return createFeishuClient({ fetch, clock, hosts: createHosts({ baseUrl: origin }), version: "1.2.3" });
}

function answering(body: object): () => RawReply {
  return () => ({ write: rawAnswer(JSON.stringify(body)), close: true });
}

Deno.test("`issueAppToken()` returns the token that Feishu issued", async () => {
  await using server = startRawServer(answering({ code: 0, app_access_token: "t-1", expire: 7200 }));
  const answer = await client(server.origin).issueAppToken({ credentials: CREDENTIALS, timeoutMs: 1000 });
  assert.deepEqual(plainAnswer(answer), {
    kind: "issued",
    token: { accessToken: "t-1", lifetimeMs: 7_200_000, expiresAtMs: 7_200_000 },
  });
  assert.match(server.requests[0] ?? "", /^POST \/open-apis\/auth\/v3\/app_access_token\/internal /);
});

Deno.test.each([
  ["v1", "/open-apis/authen/v1/refresh_access_token", true],
  ["oidc", "/open-apis/authen/v1/oidc/refresh_access_token", true],
  ["v2", "/open-apis/authen/v2/oauth/token", false],
  ["v3", "/oauth/v3/token", false],
] as [RefreshEndpoint, string, boolean][])(
  "`refreshUserToken()` presents a token to %s at %s",
  async (endpoint, path, bearer) => {
    const pair = { access_token: "u-2", refresh_token: "ur-2", expires_in: 60 };
    await using server = startRawServer(answering(bearer ? { code: 0, data: pair } : { code: 0, ...pair }));
    const answer = await client(server.origin).refreshUserToken({
      endpoint,
      credentials: CREDENTIALS,
      refreshToken: new Secret("ur-1"),
      appToken: new Secret("t-1"),
      timeoutMs: 1000,
    });
    assert.deepEqual(plainAnswer(answer), {
      kind: "issued",
      token: { accessToken: "u-2", refreshToken: "ur-2", lifetimeMs: 60_000, expiresAtMs: 60_000 },
    });
    const [text = "", ...more] = server.requests;
    assert.equal(more.length, 0);
    assert(text.startsWith(`POST ${path} `));
    assert.equal(/^authorization: Bearer t-1\r$/im.test(text), bearer);
    assert.equal(text.includes("planted-secret"), !bearer);
  },
);

Deno.test("`refreshUserToken()` salvages the pair when the connection is cut behind it", async () => {
  const body = '{"code":0,"access_token":"u-2","refresh_token":"ur-2","expires_in":72';
  await using server = startRawServer(() => ({ write: rawAnswer(body, { length: 500 }), close: true }));
  const answer = await client(server.origin).refreshUserToken({
    endpoint: "v2",
    credentials: CREDENTIALS,
    refreshToken: new Secret("ur-1"),
    timeoutMs: 1000,
  });
  assert(answer.kind === "issued");
  assert.equal(answer.token.refreshToken?.reveal(), "ur-2");
});

Deno.test("`refreshUserToken()` hands on that nothing came back", async () => {
  await using server = startRawServer(() => ({ close: true }));
  const answer = await client(server.origin).refreshUserToken({
    endpoint: "v2",
    credentials: CREDENTIALS,
    refreshToken: new Secret("ur-1"),
    timeoutMs: 1000,
  });
  assert(answer.kind === "unanswered");
  assert.equal(answer.sent, true);
});

Deno.test("`startDevice()` sends a form without `Authorization`", async () => {
  const device = { device_code: "d", user_code: "AB12", verification_uri: "https://accounts.feishu.cn/v" };
  await using server = startRawServer(answering(device));
  const answer = await client(server.origin).startDevice({
    credentials: CREDENTIALS,
    scopes: ["im:message"],
    timeoutMs: 1000,
  });
  assert.equal(answer.kind, "started");
  const [text = ""] = server.requests;
  assert.match(text, /^POST \/oauth\/v1\/device_authorization /);
  assert.match(text, /^content-type: application\/x-www-form-urlencoded\r$/im);
  assert.doesNotMatch(text, /^authorization:/im);
  assert(text.endsWith("client_id=cli_a&client_secret=planted-secret&scope=im%3Amessage+offline_access"));
});

Deno.test("`userInfo()` sends a GET with the user's token alone", async () => {
  await using server = startRawServer(answering({ code: 0, data: { open_id: "ou_1" } }));
  const answer = await client(server.origin).userInfo({
    brand: "feishu",
    accessToken: new Secret("eyJa"),
    timeoutMs: 1000,
  });
  assert.deepEqual(answer, { kind: "user", user: { openId: "ou_1" } });
  const [text = ""] = server.requests;
  assert.match(text, /^GET \/open-apis\/authen\/v1\/user_info /);
  assert.match(text, /^authorization: Bearer eyJa\r$/im);
  assert.doesNotMatch(text, /^content-type:|planted-secret/im);
});

Deno.test("`appScopes()` sends a GET with the tenant token alone", async () => {
  await using server = startRawServer(
    answering({ code: 0, data: { app: { scopes: [{ scope: "im:message", token_types: ["tenant"] }] } } }),
  );
  const answer = await client(server.origin).appScopes({
    credentials: CREDENTIALS,
    tenantToken: new Secret("t-1"),
    timeoutMs: 1000,
  });
  const scopes = [{ name: "im:message", forUsers: false, forTenants: true }];
  assert.deepEqual(answer, { kind: "scopes", scopes });
  const [text = ""] = server.requests;
  assert.match(text, /^GET \/open-apis\/application\/v6\/applications\/cli_a\?lang=en_us /);
  assert.match(text, /^authorization: Bearer t-1\r$/im);
  assert.doesNotMatch(text, /^content-type:|planted-secret/im);
});

Deno.test("`revoke()` hands on that nothing came back", async () => {
  await using server = startRawServer(() => ({ close: true }));
  const answer = await client(server.origin).revoke({
    credentials: CREDENTIALS,
    token: new Secret("eyJr"),
    tokenType: "refresh_token",
    timeoutMs: 1000,
  });
  assert(answer.kind === "unanswered");
  assert.equal(answer.sent, true);
  assert.match(server.requests[0] ?? "", /^POST \/oauth\/v1\/revoke /);
});
