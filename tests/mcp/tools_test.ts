import assert from "node:assert/strict";
import { TokenError } from "../../src/errors/token_error.ts";
import { listTools } from "../../src/mcp/calls/list_tools.ts";
import { TOOL_TABLE } from "../../src/mcp/tools/tool_table.ts";
import { Secret } from "../../src/secret.ts";
import { createTestServer, withClient } from "./test_server.ts";

Deno.test("listTools() shows the published contract", async (t) => {
  await t.assertSnapshot(listTools(TOOL_TABLE));
});

Deno.test("listTools() matches what the server lists", async () => {
  const { app } = createTestServer();
  const listed = await withClient(app, (client) => client.listTools());
  assert.deepEqual(listed.tools, listTools(TOOL_TABLE));
});

Deno.test("get_feishu_app_token asks for 300 seconds when nothing is said", async () => {
  const { app, tokens } = createTestServer();
  await withClient(app, (client) => client.callTool({ name: "get_feishu_app_token" }));
  assert.deepEqual(tokens.minTtlsMs, [300_000]);
});

Deno.test("get_feishu_app_token asks for min_ttl_seconds when it is given", async () => {
  const { app, tokens } = createTestServer();
  await withClient(
    app,
    (client) => client.callTool({ name: "get_feishu_app_token", arguments: { min_ttl_seconds: 1200 } }),
  );
  assert.deepEqual(tokens.minTtlsMs, [1_200_000]);
});

Deno.test("get_feishu_app_token returns token and whole seconds when the service has one", async () => {
  const { app, clock } = createTestServer();
  const result = await withClient(app, (client) => client.callTool({ name: "get_feishu_app_token" }));
  assert.deepEqual(result.structuredContent, {
    app_access_token: "t-app",
    expires_at: clock.now() / 1000 + 3600,
    expires_in: 3600,
  });
});

Deno.test("get_feishu_app_token repeats the structured answer as text", async () => {
  const { app } = createTestServer();
  const result = await withClient(app, (client) => client.callTool({ name: "get_feishu_app_token" }));
  assert.deepEqual(result.content, [{ type: "text", text: JSON.stringify(result.structuredContent) }]);
});

Deno.test("get_feishu_app_token carries the warning as a sentence with the next step", async () => {
  const { app, clock, tokens } = createTestServer();
  const warning = new TokenError("feishu_unavailable", {
    nextStep: { en: "Call again later.", zh: "请稍后重试。" },
  });
  tokens.onAppToken = () =>
    Promise.resolve({ accessToken: new Secret("t-app"), expiresAtMs: clock.now() + 60_000, warning });
  const result = await withClient(app, (client) => client.callTool({ name: "get_feishu_app_token" }));
  assert.equal(
    (result.structuredContent as Record<string, unknown>)["warning"],
    "Feishu could not be reached or could not answer. Call again later.",
  );
});

Deno.test("get_feishu_app_token says 0 seconds when the token has just expired", async () => {
  const { app, clock, tokens } = createTestServer();
  tokens.onAppToken = () =>
    Promise.resolve({ accessToken: new Secret("t-app"), expiresAtMs: clock.now() - 1500 });
  const result = await withClient(app, (client) => client.callTool({ name: "get_feishu_app_token" }));
  assert.equal((result.structuredContent as Record<string, unknown>)["expires_in"], 0);
});

Deno.test("refresh_feishu_user_token returns the whole pair when the service has it", async () => {
  const { app, clock } = createTestServer();
  const result = await withClient(
    app,
    (client) =>
      client.callTool({ name: "refresh_feishu_user_token", arguments: { refresh_token: "ur-old" } }),
  );
  assert.deepEqual(result.structuredContent, {
    access_token: "u-user",
    expires_in: 7200,
    expires_at: clock.now() / 1000 + 7200,
    token_type: "Bearer",
    replayed: false,
    refresh_token: "ur-next",
    refresh_token_expires_in: 604_800,
    scope: "offline_access contact:user.id:readonly",
  });
});

Deno.test("refresh_feishu_user_token leaves out what Feishu did not give", async () => {
  const { app, clock, tokens } = createTestServer();
  tokens.onRefresh = () =>
    Promise.resolve({
      accessToken: new Secret("u-user"),
      expiresAtMs: clock.now() + 1000,
      tokenType: "Bearer",
      replayed: true,
    });
  const result = await withClient(
    app,
    (client) =>
      client.callTool({ name: "refresh_feishu_user_token", arguments: { refresh_token: "ur-old" } }),
  );
  assert.deepEqual(Object.keys(result.structuredContent as object), [
    "access_token",
    "expires_in",
    "expires_at",
    "token_type",
    "replayed",
  ]);
});

Deno.test("refresh_feishu_user_token presents the refresh token trimmed", async () => {
  const { app, tokens } = createTestServer();
  await withClient(
    app,
    (client) =>
      client.callTool({ name: "refresh_feishu_user_token", arguments: { refresh_token: " ur-old\n" } }),
  );
  assert.deepEqual(tokens.presented, ["ur-old"]);
});

Deno.test.each([
  ["Bearer ur-old"],
  ['"ur-old"'],
  ["REFRESH_TOKEN=ur-old"],
  ['{"access_token":"u-old","refresh_token":"ur-old","expires_in":7200}'],
])("refresh_feishu_user_token takes a refresh token as it was pasted: %s", async (pasted) => {
  const { app, tokens } = createTestServer();
  await withClient(
    app,
    (client) => client.callTool({ name: "refresh_feishu_user_token", arguments: { refresh_token: pasted } }),
  );
  assert.deepEqual(tokens.presented, ["ur-old"]);
});

const ACCESS_JWT = `${btoa('{"alg":"ES256"}')}.${btoa('{"typ":"access_token"}')}.c2ln`.replaceAll("=", "");

Deno.test.each([
  ["u-access", /this is a user access token; use the refresh_token of the same answer/],
  ["Bearer u-access", /this is a user access token/],
  ["t-g1044ABC", /this is an app or tenant access token/],
  ["a-abc", /this is an app access token/],
  [ACCESS_JWT, /this is a user access token/],
  ['{"access_token":"u-access"}', /this is JSON without refresh_token/],
])("refresh_feishu_user_token refuses what certainly is no refresh token: %s", async (given, said) => {
  const { app, tokens } = createTestServer();
  for (
    const call of [
      { name: "refresh_feishu_user_token", arguments: { refresh_token: given } },
      report({ token: "u-access", refresh_token: given }),
    ]
  ) {
    const { isError, content } = await withClient(app, (client) => client.callTool(call));
    assert.equal(isError, true);
    const [{ text }] = content as [{ text: string }];
    assert.match(text, said);
    assert.doesNotMatch(text, /u-access|g1044|a-abc|eyJ/);
  }
  assert.deepEqual([tokens.presented, tokens.rejected], [[], []]);
});

Deno.test("report_feishu_token_rejected takes both tokens as they were pasted", async () => {
  const { app, tokens } = createTestServer();
  const pair = '{"access_token":"u-old","refresh_token":"ur-old"}';
  await withClient(app, (client) => client.callTool(report({ token: pair, refresh_token: pair })));
  const [{ accessToken, refreshToken } = assert.fail()] = tokens.rejected;
  assert.deepEqual([accessToken.reveal(), refreshToken?.reveal()], ["u-old", "ur-old"]);
});

Deno.test("get_feishu_tenant_token returns token and whole seconds when the service has one", async () => {
  const { app, clock, tokens } = createTestServer();
  const result = await withClient(app, (client) => client.callTool({ name: "get_feishu_tenant_token" }));
  assert.deepEqual(result.structuredContent, {
    tenant_access_token: "t-tenant",
    expires_at: clock.now() / 1000 + 3600,
    expires_in: 3600,
  });
  assert.deepEqual([tokens.tenantMinTtlsMs, tokens.minTtlsMs], [[300_000], []]);
});

Deno.test("get_feishu_tenant_token asks for min_ttl_seconds when it is given", async () => {
  const { app, tokens } = createTestServer();
  await withClient(
    app,
    (client) => client.callTool({ name: "get_feishu_tenant_token", arguments: { min_ttl_seconds: 1200 } }),
  );
  assert.deepEqual(tokens.tenantMinTtlsMs, [1_200_000]);
});

Deno.test("refresh_feishu_user_token takes a refresh token of 8192 characters", async () => {
  const { app, tokens } = createTestServer();
  await withClient(
    app,
    (client) =>
      client.callTool({ name: "refresh_feishu_user_token", arguments: { refresh_token: "r".repeat(8192) } }),
  );
  assert.equal(tokens.presented[0]?.length, 8192);
});

function report(args: Record<string, unknown>): { readonly name: string; readonly arguments: typeof args } {
  return { name: "report_feishu_token_rejected", arguments: args };
}

Deno.test("report_feishu_token_rejected returns the app token to use instead", async () => {
  const { app, clock } = createTestServer();
  const result = await withClient(app, (client) => client.callTool(report({ token: "t-old" })));
  assert.deepEqual(result.structuredContent, {
    access_token: "t-other",
    token_kind: "app",
    expires_in: 7200,
    expires_at: clock.now() / 1000 + 7200,
    token_type: "Bearer",
    renewed: true,
    same_token_returned: false,
  });
});

Deno.test("report_feishu_token_rejected returns the whole pair, and the warning, of a user", async () => {
  const { app, clock, tokens } = createTestServer();
  tokens.onRejected = () =>
    Promise.resolve({
      kind: "user",
      accessToken: new Secret("u-old"),
      expiresAtMs: clock.now() + 1000,
      tokenType: "Bearer",
      isRenewed: false,
      isSame: true,
      refreshToken: new Secret("ur-next"),
      refreshExpiresAtMs: clock.now() + 5000,
      scope: "offline_access",
      warning: new TokenError("same_token_returned"),
    });
  const result = await withClient(app, (client) => client.callTool(report({ token: "u-old" })));
  const { warning, ...rest } = result.structuredContent as Record<string, unknown>;
  assert.deepEqual(rest, {
    access_token: "u-old",
    token_kind: "user",
    expires_in: 1,
    expires_at: clock.now() / 1000 + 1,
    token_type: "Bearer",
    renewed: false,
    same_token_returned: true,
    refresh_token: "ur-next",
    refresh_token_expires_in: 5,
    scope: "offline_access",
  });
  assert.match(
    String(warning),
    /^There is no token other than the reported one for now\. Do not report/,
  );
});

Deno.test("report_feishu_token_rejected hands on what it was given, the tokens trimmed", async () => {
  const { app, tokens } = createTestServer();
  await withClient(
    app,
    (client) =>
      client.callTool(report({ token: " u-old\n", refresh_token: "ur-old ", feishu_code: 99991668 })),
  );
  const [rejected] = tokens.rejected;
  assert.deepEqual(
    [rejected?.accessToken.reveal(), rejected?.refreshToken?.reveal(), rejected?.feishuCode],
    ["u-old", "ur-old", 99991668],
  );
});
