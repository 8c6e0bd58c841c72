import assert from "node:assert/strict";
import type { AppTokenResult, CallContext } from "../../src/ports/tokens.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import { TOOL_NAMES } from "../clients/expected_answers.ts";
import { createTestServer, mcpRequest, toolCall, withClient } from "./test_server.ts";

const PING = { jsonrpc: "2.0", id: 1, method: "ping" };
const MIB = 1 << 20;

interface JsonRpcFailure {
  readonly jsonrpc: string;
  readonly id: unknown;
  readonly error: { readonly code: number; readonly message: string };
}

Deno.test("createMcpHttpHandler() introduces itself when a client connects", async () => {
  const { app } = createTestServer();
  const seen = await withClient(
    app,
    (client) => Promise.resolve([client.getServerVersion(), client.getServerCapabilities()]),
  );
  assert.deepEqual(seen, [
    { name: "feishu-token-mcp", title: "Feishu tokens", version: "1.2.3" },
    { tools: {} },
  ]);
});

Deno.test("createMcpHttpHandler() tells models how to treat tokens", async () => {
  const { app } = createTestServer();
  const instructions = await withClient(app, (client) => Promise.resolve(client.getInstructions()));
  assert.match(instructions ?? "", /never print it/);
});

Deno.test("createMcpHttpHandler() lists the tools when there are no credentials", async () => {
  const { app } = createTestServer({
    credentials: () => () => {
      throw new TokenError("credentials_missing");
    },
  });
  const { tools } = await withClient(app, (client) => client.listTools());
  assert.deepEqual(tools.map((tool) => tool.name), TOOL_NAMES);
});

Deno.test.each([
  ["a body that is not JSON", { body: "{" }, 400, -32700],
  ["JSON that is no JSON-RPC", { body: "{}" }, 400, -32700],
  ["an empty body", { body: "" }, 400, -32700],
  ["a body over 1 MiB", { body: " ".repeat(MIB + 1) }, 413, -32000],
  ["Accept without event streams", { headers: { accept: "application/json" } }, 406, -32000],
  ["Accept without JSON", { headers: { accept: "text/event-stream" } }, 406, -32000],
  ["a text body", { headers: { "content-type": "text/plain" } }, 415, -32000],
  [
    "a content type that only mentions JSON",
    { headers: { "content-type": "text/plain; a=application/json" } },
    415,
    -32000,
  ],
  ["an unknown protocol version", { headers: { "mcp-protocol-version": "1999-01-01" } }, 400, -32000],
])("createMcpHttpHandler() refuses %s", async (_case, init: RequestInit, status, code) => {
  const { app } = createTestServer();
  const response = await app(mcpRequest(PING, init));
  const failure = await response.json() as JsonRpcFailure;
  assert.deepEqual(
    [response.status, failure.error.code, failure.id, failure.jsonrpc],
    [status, code, null, "2.0"],
  );
});

Deno.test("createMcpHttpHandler() takes a body of exactly 1 MiB", async () => {
  const { app } = createTestServer();
  const body = JSON.stringify(PING).padEnd(MIB, " ");
  const response = await app(mcpRequest(PING, { body }));
  assert.deepEqual(await response.json(), { jsonrpc: "2.0", id: 1, result: {} });
});

Deno.test.each(["GET", "PUT", "DELETE", "OPTIONS"])(
  "createMcpHttpHandler() answers 405 with Allow to %s",
  async (method) => {
    const { app } = createTestServer();
    const response = await app(new Request("http://localhost/mcp", { method }));
    const failure = await response.json() as JsonRpcFailure;
    assert.deepEqual([response.status, response.headers.get("allow"), failure.error.code], [
      405,
      "POST",
      -32000,
    ]);
  },
);

Deno.test("createMcpHttpHandler() answers -32601 when the method is unknown", async () => {
  const { app } = createTestServer();
  const response = await app(mcpRequest({ jsonrpc: "2.0", id: 7, method: "resources/list" }));
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {
    jsonrpc: "2.0",
    id: 7,
    error: { code: -32601, message: "Method not found" },
  });
});

Deno.test("createMcpHttpHandler() answers -32602 and names the tools when the tool is unknown", async () => {
  const { app } = createTestServer();
  const response = await app(mcpRequest(toolCall("planted")));
  assert.deepEqual(await response.json(), {
    jsonrpc: "2.0",
    id: 1,
    error: {
      code: -32602,
      message: `Unknown tool: this server has ${TOOL_NAMES.join(", ")}`,
    },
  });
});

Deno.test.each([
  { name: "get_feishu_app_token", arguments: "planted" },
  { name: 5 },
  {},
])("createMcpHttpHandler() answers -32602 when a call is malformed: %j", async (params) => {
  const { app } = createTestServer();
  const response = await app(mcpRequest({ jsonrpc: "2.0", id: 1, method: "tools/call", params }));
  const failure = await response.json() as JsonRpcFailure;
  assert.equal(failure.error.code, -32602);
  assert.doesNotMatch(failure.error.message, /planted/);
});

Deno.test("createMcpHttpHandler() answers every call of a batch", async () => {
  const { app } = createTestServer();
  const response = await app(mcpRequest([PING, { ...PING, id: 2 }]));
  assert.deepEqual(await response.json(), [
    { jsonrpc: "2.0", id: 1, result: {} },
    { jsonrpc: "2.0", id: 2, result: {} },
  ]);
});

Deno.test("createMcpHttpHandler() answers 202 without a body to a notification", async () => {
  const { app } = createTestServer();
  const response = await app(mcpRequest({ jsonrpc: "2.0", method: "notifications/initialized" }));
  assert.deepEqual([response.status, await response.text()], [202, ""]);
});

Deno.test("createMcpHttpHandler() ends the wait when the caller hangs up", async () => {
  const server = createTestServer();
  const caller = new AbortController();
  server.tokens.onAppToken = (call) => {
    const wait = untilAborted(call);
    caller.abort();
    return wait;
  };
  const response = await server.app(mcpRequest(toolCall("get_feishu_app_token"), { signal: caller.signal }));
  assert.equal(response.status, 499);
  assert.equal(server.tokens.contexts[0]?.signal?.aborted, true);
});

Deno.test("createMcpHttpHandler() reports no failure when the caller hangs up", async () => {
  const server = createTestServer();
  const caller = new AbortController();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  server.tokens.onAppToken = (call) => {
    const wait = untilAborted(call);
    caller.abort();
    return wait.finally(resolve);
  };
  await server.app(mcpRequest(toolCall("get_feishu_app_token"), { signal: caller.signal }));
  await ended;
  assert.deepEqual(server.log.lines.filter(({ level }) => level === "error"), []);
});

Deno.test("createMcpHttpHandler() does not start a call when the caller is gone already", async () => {
  const server = createTestServer();
  const response = await server.app(
    mcpRequest(toolCall("get_feishu_app_token"), { signal: AbortSignal.abort() }),
  );
  assert.equal(response.status, 499);
  assert.equal(server.tokens.contexts.length, 0);
});

function untilAborted({ signal }: CallContext): Promise<AppTokenResult> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
