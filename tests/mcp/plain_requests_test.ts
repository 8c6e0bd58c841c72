import assert from "node:assert/strict";
import { TokenError } from "../../src/errors/token_error.ts";
import { ExchangeTransport } from "../../src/mcp/exchange_transport.ts";
import { createMcpServer } from "../../src/mcp/mcp_server.ts";
import { createPlainRequests } from "../../src/mcp/plain_requests.ts";
import type { JSONRPCRequest } from "../../src/mcp/sdk.ts";
import { TOOL_TABLE } from "../../src/mcp/tool_table.ts";
import { type McpCall, Toolbox } from "../../src/mcp/toolbox.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { MemoryTokenService, TEST_CREDENTIALS } from "./memory_token_service.ts";
import { TestClock } from "./test_clock.ts";

const APP = "get_feishu_app_token";
const REFRESH = "refresh_feishu_user_token";
const REPORT = "report_feishu_token_rejected";

/** What a request with these members looks like once it has come over the wire. */
function received(members: object): JSONRPCRequest {
  return JSON.parse(JSON.stringify({ jsonrpc: "2.0", id: 1, ...members }));
}

function call(name: string, args?: unknown, more: object = {}): JSONRPCRequest {
  return received({ method: "tools/call", params: { name, arguments: args, ...more } });
}

/** Both ways of one process, over the same tools. */
async function bothWays(prepare: (tokens: MemoryTokenService) => void = () => {}): Promise<{
  plain(request: JSONRPCRequest, more?: Partial<McpCall>): Promise<string | undefined>;
  sdk(request: JSONRPCRequest, more?: Partial<McpCall>): Promise<string>;
}> {
  const clock = new TestClock();
  const tokens = new MemoryTokenService(clock.now());
  prepare(tokens);
  const toolbox = new Toolbox({ tools: TOOL_TABLE, tokens, clock, language: "zh" });
  const plainRequests = createPlainRequests(toolbox);
  const transport = new ExchangeTransport();
  await createMcpServer({ toolbox, version: "1.2.3", callOf: (id) => transport.callOf(id) }).connect(
    transport,
  );
  const made = (more: Partial<McpCall>): McpCall => ({
    requestId: "0123456789ab",
    log: new RecordingLog(),
    credentials: () => TEST_CREDENTIALS,
    ...more,
  });
  return {
    plain: async (request, more = {}) =>
      await plainRequests(request, made(more), new AbortController().signal),
    sdk: async (request, more = {}) => JSON.stringify(await transport.exchange(request, made(more)).answer),
  };
}

Deno.test.each([
  received({ method: "tools/list" }),
  received({ method: "tools/list", params: {} }),
  received({ method: "tools/list", id: 'a "quoted"\n\u2028 飞书 id' }),
  received({ method: "tools/list", id: "" }),
  received({ method: "tools/list", id: 0 }),
  received({ method: "tools/list", id: -5 }),
  received({ method: "tools/list", id: 9007199254740991 }),
  call(APP),
  call(APP, {}),
  call(APP, { min_ttl_seconds: 1200 }),
  call(APP, { min_ttl_seconds: "planted" }),
  call(APP, { min_ttl_seconds: -1, surplus: [1, { a: null }] }),
  call(APP, { app_secret: "planted" }),
  received({ method: "tools/call", params: { name: APP, arguments: JSON.parse('{"__proto__":{"a":1}}') } }),
  call(REFRESH),
  call(REFRESH, { refresh_token: "ur-presented" }),
  call(REFRESH, { refresh_token: "ur with blanks" }),
  call(REPORT, { token: "t-rejected", feishu_code: 99991663 }),
  call(REPORT, {}),
])("createPlainRequests() answers as the SDK's server, byte for byte: %j", async (request) => {
  const { plain, sdk } = await bothWays();
  assert.equal(await plain(request), await sdk(request));
});

Deno.test.each([
  ["the service refuses", () => Promise.reject(new TokenError("rate_limited", { retryAfterMs: 5000 }))],
  ["something unexpected is thrown", () => Promise.reject(new Error("planted"))],
  ["there is a warning", () =>
    Promise.resolve({
      accessToken: TEST_CREDENTIALS.appSecret,
      expiresAtMs: 0,
      warning: new TokenError("feishu_unavailable"),
    })],
])("createPlainRequests() answers as the SDK's server when %s", async (_case, onAppToken) => {
  const { plain, sdk } = await bothWays((tokens) => tokens.onAppToken = onAppToken);
  assert.equal(await plain(call(APP)), await sdk(call(APP)));
});

Deno.test("createPlainRequests() answers as the SDK's server when there are no credentials", async () => {
  const { plain, sdk } = await bothWays();
  const without = {
    credentials: (): never => {
      throw new TokenError("credentials_missing");
    },
  };
  assert.equal(await plain(call(APP), without), await sdk(call(APP), without));
});

Deno.test.each([
  received({ method: "ping" }),
  received({ method: "initialize", params: { protocolVersion: "2025-11-25" } }),
  received({ method: "resources/list" }),
  received({ method: "tools/list", params: { cursor: "next" } }),
  received({ method: "tools/list", params: { _meta: { progressToken: 1 } } }),
  received({ method: "tools/call" }),
  received({ method: "tools/call", params: {} }),
  call("no_such_tool", {}),
  received({ method: "tools/call", params: { name: 5 } }),
  received({ method: "tools/call", params: { name: "__proto__" } }),
  call(APP, "planted"),
  call(APP, null),
  call(APP, []),
  call(APP, {}, { _meta: { progressToken: "p" } }),
  call(APP, {}, { task: { ttl: 1000 } }),
  call(APP, {}, { surplus: true }),
])("createPlainRequests() leaves what is not plain to the SDK's server: %j", async (request) => {
  const { plain } = await bothWays();
  assert.equal(await plain(request), undefined);
});
