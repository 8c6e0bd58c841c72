import assert from "node:assert/strict";
import { CLIENT_ARGUMENTS } from "./client_arguments.ts";
import { createTestServer, mcpRequest, type TestServer, toolCall } from "./test_server.ts";

/** What the services were asked for, in one object of plain values. */
function askedOf({ tokens, logins }: TestServer): Record<string, unknown> {
  const { tenantMinTtlsMs, rejected } = tokens;
  const [ofLogins] = [...logins.started, ...logins.finished, ...logins.wanted];
  if (ofLogins !== undefined) return { ...ofLogins };
  const [minTtlMs] = tenantMinTtlsMs;
  if (minTtlMs !== undefined) return { minTtlMs };
  const [report] = rejected;
  if (report === undefined) return {};
  const { accessToken, refreshToken, feishuCode } = report;
  return {
    accessToken: accessToken.reveal(),
    ...(refreshToken === undefined ? {} : { refreshToken: refreshToken.reveal() }),
    ...(feishuCode === undefined ? {} : { feishuCode }),
  };
}

for (const { client, name, arguments: args, asked } of CLIENT_ARGUMENTS) {
  Deno.test(`callTool() takes ${name} ${JSON.stringify(args)} as it comes from ${client}`, async () => {
    const server = createTestServer();
    const response = await server.app(mcpRequest(toolCall(name, args)));
    const { result } = await response.json() as { result: { isError?: boolean; content: unknown } };
    assert.notEqual(result.isError, true, JSON.stringify(result.content));
    assert.deepEqual(askedOf(server), asked);
  });
}

Deno.test("callTool() says that a required argument is missing when it is null", async () => {
  const { app } = createTestServer();
  const response = await app(mcpRequest(toolCall("report_feishu_token_rejected", { token: null })));
  assert.match(await response.text(), /token is missing; it must be an access token/);
});
