import assert from "node:assert/strict";
import { TokenError } from "../../src/errors/token_error.ts";
import { keptLogin, TEST_USER } from "./memory_login_service.ts";
import { structuredResult } from "./structured_result.ts";
import { createTestServer } from "./test_server.ts";

Deno.test("get_feishu_user_token returns token, whole seconds and whose it is, and no refresh token", async () => {
  const server = createTestServer();
  assert.deepEqual(await structuredResult(server, "get_feishu_user_token"), {
    access_token: "u-kept-token",
    expires_at: server.clock.now() / 1000 + 7200,
    expires_in: 7200,
    token_type: "Bearer",
    scope: "docx:document offline_access",
    user: { open_id: "ou_zhang", name: "Zhang San" },
  });
  assert.deepEqual(server.logins.wanted, [{ minTtlMs: 300_000 }]);
});

Deno.test("get_feishu_user_token hands on whose token it must be, and what it is for", async () => {
  const server = createTestServer();
  const args = { user: "Zhang San", scopes: ["im:message"], min_ttl_seconds: 3600 };
  await structuredResult(server, "get_feishu_user_token", args);
  assert.deepEqual(server.logins.wanted, [
    { user: "Zhang San", scopes: ["im:message"], minTtlMs: 3_600_000 },
  ]);
});

Deno.test("get_feishu_user_token carries a warning as a sentence", async () => {
  const server = createTestServer();
  const token = await server.logins.onUserToken();
  server.logins.onUserToken = () => Promise.resolve({ ...token, warning: new TokenError("login_ends_soon") });
  const { warning } = await structuredResult(server, "get_feishu_user_token");
  assert.match(
    String(warning),
    /^This login ends soon.*Call start_feishu_login and show the person its link/,
  );
});

Deno.test("list_feishu_logins returns every login of the app with its times in Unix seconds", async () => {
  const server = createTestServer();
  const now = server.clock.now() / 1000;
  assert.deepEqual(await structuredResult(server, "list_feishu_logins"), {
    logins: [{
      user: { open_id: "ou_zhang", name: "Zhang San" },
      scope: "docx:document offline_access",
      access_token_expires_at: now + 7200,
      refresh_token_expires_at: now + 604_800,
      login_ends_at: now + 31_536_000,
      renewable: true,
      last_renewed_at: now,
      next_renewal_at: now + 302_400,
      needs_login: false,
    }],
  });
  assert.deepEqual(server.logins.listed.map((app) => app?.appId), ["cli_test"]);
});

Deno.test("list_feishu_logins says why a login was not renewed, and that only a new one helps", async () => {
  const server = createTestServer();
  const { user, scope, lastRenewedAtMs, brand, appId } = keptLogin(server.clock.now());
  server.logins.onList = () =>
    Promise.resolve([{
      ...{ user, scope, lastRenewedAtMs, brand, appId, renewable: false, needsLogin: true },
      accessTokenExpiresAtMs: 1000,
      problem: new TokenError("refresh_token_revoked"),
    }]);
  const { logins } = await structuredResult(server, "list_feishu_logins");
  assert.deepEqual(logins, [{
    user: { open_id: "ou_zhang", name: "Zhang San" },
    scope,
    access_token_expires_at: 1,
    renewable: false,
    last_renewed_at: server.clock.now() / 1000,
    needs_login: true,
    problem: "The refresh token was revoked. Let the user authorize the app again.",
  }]);
});

Deno.test("list_feishu_logins returns an empty list when nobody has logged in", async () => {
  const server = createTestServer();
  server.logins.onList = () => Promise.resolve([]);
  assert.deepEqual(await structuredResult(server, "list_feishu_logins"), { logins: [] });
});

Deno.test.each([["revoked"], ["refused"], ["unknown"], ["not_sent"]] as const)(
  "revoke_feishu_login says what Feishu was told: %s",
  async (upstream) => {
    const server = createTestServer();
    server.logins.onLogout = () => Promise.resolve({ user: TEST_USER, upstream });
    assert.deepEqual(await structuredResult(server, "revoke_feishu_login", { user: " ou_zhang " }), {
      revoked: true,
      upstream,
    });
    assert.deepEqual(server.logins.ended, ["ou_zhang"]);
  },
);
