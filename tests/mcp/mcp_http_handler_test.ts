import assert from "node:assert/strict";
import { noLoginService } from "../../src/login/no_login_service.ts";
import type { AppTokenResult, CallContext } from "../../src/ports/tokens.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import { MESSAGE_BYTES_LIMIT } from "../../src/mcp/messages/message_bytes_limit.ts";
import { TOOL_NAMES } from "../clients/expected_answers.ts";
import { JsonAnswer } from "../../src/http/json_answer.ts";
import { RepeatedLines } from "../../src/log/repeated_lines.ts";
import { createMcpHttpHandler } from "../../src/mcp/mcp_http_handler.ts";
import { TOOL_TABLE } from "../../src/mcp/tools/tool_table.ts";
import { Secret } from "../../src/secret.ts";
import type { McpCall } from "../../src/mcp/calls/toolbox.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { MemoryTokenService, TEST_CREDENTIALS } from "./memory_token_service.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { createTestServer, mcpRequest, toolCall, withClient } from "./test_server.ts";

const PING = { jsonrpc: "2.0", id: 1, method: "ping" };
const PONG = { jsonrpc: "2.0", id: 1, result: {} };

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
  ["JSON that is no JSON-RPC", { body: "{}" }, 400, -32600],
  ["an empty body", { body: "" }, 400, -32700],
  ["a body over 128 KiB", { body: " ".repeat(MESSAGE_BYTES_LIMIT + 1) }, 413, -32000],
  ["Accept without JSON", { headers: { accept: "text/event-stream" } }, 406, -32000],
  ["a text body", { headers: { "content-type": "text/plain" } }, 415, -32000],
  [
    "a content type that only mentions JSON",
    { headers: { "content-type": "text/plain; a=application/json" } },
    415,
    -32000,
  ],
  ["a body in gzip", { headers: { "content-encoding": "gzip" } }, 415, -32000],
  ["a body in two codings", { headers: { "content-encoding": "identity, br" } }, 415, -32000],
])("createMcpHttpHandler() refuses %s", async (_case, init: RequestInit, status, code) => {
  const { app } = createTestServer();
  const response = await app(mcpRequest(PING, init));
  const failure = await response.json() as JsonRpcFailure;
  assert.deepEqual(
    [response.status, failure.error.code, failure.id, failure.jsonrpc],
    [status, code, null, "2.0"],
  );
});

Deno.test.each([
  "*/*",
  "application/json",
  "APPLICATION/JSON",
  "application/*",
  "text/event-stream, */*;q=0.1",
  "",
])(
  "createMcpHttpHandler() answers a client that accepts %j",
  async (accept) => {
    const { app } = createTestServer();
    const response = await app(mcpRequest(PING, { headers: { accept } }));
    assert.deepEqual([response.status, response.headers.get("content-type")], [200, "application/json"]);
    assert.deepEqual(await response.json(), PONG);
  },
);

Deno.test("createMcpHttpHandler() answers a client that says nothing of what it accepts", async () => {
  const { app } = createTestServer();
  const request = mcpRequest(PING);
  request.headers.delete("accept");
  assert.deepEqual(await (await app(request)).json(), PONG);
});

Deno.test("createMcpHttpHandler() takes a body whose coding is none", async () => {
  const { app } = createTestServer();
  const response = await app(mcpRequest(PING, { headers: { "content-encoding": "Identity" } }));
  assert.deepEqual(await response.json(), PONG);
});

Deno.test("createMcpHttpHandler() tells which codings it takes", async () => {
  const { app } = createTestServer();
  const response = await app(mcpRequest(PING, { headers: { "content-encoding": "gzip" } }));
  await response.body?.cancel();
  assert.equal(response.headers.get("accept-encoding"), "identity");
});

Deno.test.each([1, 1.5, "a"])(
  "createMcpHttpHandler() refuses an unknown version under the id %j",
  async (id) => {
    const { app } = createTestServer();
    const headers = { "mcp-protocol-version": "1999-01-01" };
    const response = await app(mcpRequest({ ...PING, id }, { headers }));
    const failure = await response.json() as JsonRpcFailure;
    assert.deepEqual([response.status, failure], [400, {
      jsonrpc: "2.0",
      id,
      error: {
        code: -32000,
        message:
          "Bad request: MCP-Protocol-Version must be one of 2025-11-25, 2025-06-18, 2025-03-26, 2024-11-05, 2024-10-07",
      },
    }]);
  },
);

Deno.test("createMcpHttpHandler() refuses an unknown version of a notification and of a batch", async () => {
  const { app } = createTestServer();
  const init = { headers: { "mcp-protocol-version": "1999-01-01" } };
  const notified = await app(mcpRequest({ jsonrpc: "2.0", method: "notifications/initialized" }, init));
  const { id, error } = await notified.json() as JsonRpcFailure;
  assert.deepEqual([notified.status, id, error.code], [400, null, -32000]);
  const batched = await app(mcpRequest([PING, { ...PING, id: 2 }], init));
  const failures = await batched.json() as JsonRpcFailure[];
  assert.deepEqual([batched.status, ...failures.map((each) => [each.id, each.error.code])], [
    400,
    [1, -32000],
    [2, -32000],
  ]);
});

Deno.test.each([
  ["9007199254740993", '{"result":{},"jsonrpc":"2.0","id":9007199254740993}'],
  ["1.50", '{"result":{},"jsonrpc":"2.0","id":1.50}'],
])("createMcpHttpHandler() answers under the id %s, digit for digit", async (id, json) => {
  const { app } = createTestServer();
  const body = `{"jsonrpc":"2.0","id":${id},"method":"ping","params":null}`;
  assert.equal(await (await app(mcpRequest(undefined, { body }))).text(), json);
  const unknown = body.replace("ping", "resources/list");
  assert.match(
    await (await app(mcpRequest(undefined, { body: unknown }))).text(),
    new RegExp(`"id":${id}[,}]`),
  );
});

Deno.test("createMcpHttpHandler() refuses what is no request under its id", async () => {
  const { app } = createTestServer();
  const response = await app(mcpRequest({ ...PING, id: "a", params: [5] }));
  assert.deepEqual([response.status, await response.json()], [400, {
    jsonrpc: "2.0",
    id: "a",
    error: { code: -32600, message: "Invalid request: params must be an object" },
  }]);
});

Deno.test("createMcpHttpHandler() answers what it can of a batch", async () => {
  const { app } = createTestServer();
  const response = await app(mcpRequest([PING, 5, { jsonrpc: "2.0", method: "notifications/initialized" }]));
  assert.deepEqual([response.status, await response.json()], [200, [
    PONG,
    {
      jsonrpc: "2.0",
      id: null,
      error: { code: -32600, message: "Invalid request: a message must be an object" },
    },
  ]]);
});

Deno.test("createMcpHttpHandler() takes a body that begins with a byte order mark", async () => {
  const { app } = createTestServer();
  const response = await app(mcpRequest(undefined, { body: `\ufeff${JSON.stringify(PING)}` }));
  assert.deepEqual(await response.json(), PONG);
});

Deno.test("createMcpHttpHandler() takes a body of exactly 128 KiB", async () => {
  const { app } = createTestServer();
  const body = JSON.stringify(PING).padEnd(MESSAGE_BYTES_LIMIT, " ");
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

Deno.test("createMcpHttpHandler() takes the largest call that there is, however it is written", async () => {
  const { app, tokens } = createTestServer();
  const escaped = "\\u0061".repeat(8192);
  const body =
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"report_feishu_token_rejected",` +
    `"arguments":{"token":"${escaped}","refresh_token":"${escaped}","feishu_code":99991677}}}`;
  const response = await app(mcpRequest(undefined, { body }));
  assert.deepEqual([response.status, tokens.rejected.length], [200, 1]);
});

Deno.test("createMcpHttpHandler() answers 408 to a body that is not complete within 30 s", async () => {
  const { app, clock } = createTestServer();
  const answer = app(mcpRequest(undefined, { body: endlessBody() }));
  clock.pass(30_000);
  const response = await answer;
  const { error } = await response.json() as JsonRpcFailure;
  assert.deepEqual([response.status, error.code], [408, -32000]);
  assert.match(error.message, /30 seconds/);
});

Deno.test("createMcpHttpHandler() answers 503 to a body that is still being read when the server stops", async () => {
  const stopping = new AbortController();
  const { tools, tokens, clock, log } = { ...createTestServer(), tools: TOOL_TABLE };
  const mcp = createMcpHttpHandler({
    tools,
    tokens,
    logins: noLoginService(),
    clock,
    version: "1",
    stopping: stopping.signal,
  });
  const call = { requestId: "r", log, credentials: () => TEST_CREDENTIALS };
  let isAnswered = false;
  tokens.onAppToken = () => Promise.resolve({ accessToken: new Secret("t-app"), expiresAtMs: 0 });
  const reading = mcp(mcpRequest(undefined, { body: endlessBody() }), call).finally(() => isAnswered = true);
  assert.equal(isAnswered, false);
  stopping.abort();
  const response = await reading;
  assert(response instanceof Response);
  assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "1"]);
  assert.match((await response.json() as JsonRpcFailure).error.message, /stopping/);
});

Deno.test("createMcpHttpHandler() serves long and small bodies while others fill the room and never end", async () => {
  const { app, clock } = createTestServer();
  const body = new Uint8Array(MESSAGE_BYTES_LIMIT).fill(0x20);
  const pending: Promise<Response>[] = [];
  for (let i = 0; i < 128; i++) {
    const stuck = new ReadableStream({ start: (controller) => controller.enqueue(body) });
    pending.push(app(mcpRequest(undefined, { body: stuck })));
  }
  for (let i = 0; i < 6000; i++) pending.push(app(endlessCall()));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await app(smallRequest(PING))).status, 200);
  assert.equal((await app(mcpRequest(PING))).status, 200);
  clock.pass(30_000);
  const refused = await Promise.all(pending);
  assert.deepEqual(new Set(refused.map(({ status }) => status)), new Set([408, 503]));
  const [first] = refused;
  const { error } = await first?.json() as JsonRpcFailure;
  assert.deepEqual([first?.status, first?.headers.get("retry-after"), error.code], [503, "1", -32000]);
});

Deno.test("createMcpHttpHandler() answers 503 with Retry-After when too many wait, told in one counted line", async () => {
  const tokens = new MemoryTokenService(0);
  const gate = Promise.withResolvers<AppTokenResult>();
  tokens.onAppToken = () => gate.promise;
  const [clock, log] = [new ManualClock(), new RecordingLog()];
  const repeated = new RepeatedLines({ clock, log });
  const mcp = createMcpHttpHandler({
    tools: TOOL_TABLE,
    tokens,
    logins: noLoginService(),
    clock,
    version: "1",
    repeated,
  });
  const call = (address: string): McpCall => ({
    requestId: "r",
    log,
    credentials: () => TEST_CREDENTIALS,
    caller: { address },
  });
  const one = (): Request => smallRequest(toolCall("get_feishu_app_token"));
  const batch = (): Request =>
    smallRequest(Array.from({ length: 100 }, () => toolCall("get_feishu_app_token")));
  const statusOf = (answer: Response | JsonAnswer): number =>
    answer instanceof JsonAnswer ? 200 : answer.status;
  const settled: number[] = [];
  const waiting: Promise<unknown>[] = [];
  const ask = async (request: Request, address: string): Promise<void> => {
    waiting.push(mcp(request, call(address)).then((answer) => settled.push(statusOf(answer))));
    // Until its body is read: one that has not arrived would be given up for the next.
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (let i = 0; i < 10 + 3; i++) await ask(batch(), "192.0.2.1");
  for (let i = 0; i < 4096 + 5; i++) await ask(one(), "192.0.2.1");
  while (settled.length < 8) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(settled, Array(8).fill(503));
  const refused = await mcp(one(), call("192.0.2.1"));
  assert(refused instanceof Response);
  assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "1"]);
  await ask(one(), "192.0.2.2");
  assert.equal(settled.length, 8);
  gate.resolve({ accessToken: new Secret("t-app"), expiresAtMs: 0 });
  await Promise.all(waiting);
  assert.deepEqual(new Set(settled.slice(8)), new Set([200]));
  repeated.flush();
  assert.deepEqual(
    log.lines.filter(({ level }) => level === "warn").map(({ event, fields }) => [event, fields["repeated"]]),
    [
      ["requests turned away: too many are in flight", undefined],
      ["requests turned away: too many are in flight", 8],
    ],
  );
});

/** A head that declares a small body, of which nothing comes. */
function endlessCall(): Request {
  const body = new ReadableStream();
  return mcpRequest(undefined, { body, headers: { "content-length": String(16 * 1024) } });
}

/** `message` as nearly every client sends it: with its length. */
function smallRequest(message: unknown): Request {
  return mcpRequest(message, { headers: { "content-length": String(JSON.stringify(message).length) } });
}

Deno.test("createMcpHttpHandler() lets thousands wait whose bodies held much that nobody reads", async () => {
  const { app, tokens } = createTestServer();
  const gate = Promise.withResolvers<AppTokenResult>();
  tokens.onAppToken = () => gate.promise;
  const _meta = { heap: Array.from({ length: 40_000 }, () => ({})) };
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "get_feishu_app_token", _meta },
  });
  const answers: Promise<Response>[] = [];
  for (let i = 0; i < 400; i++) {
    answers.push(app(mcpRequest(undefined, { body })));
    if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  gate.resolve({ accessToken: new Secret("t-app"), expiresAtMs: 1 });
  assert.deepEqual(new Set((await Promise.all(answers)).map(({ status }) => status)), new Set([200]));
});

/** A body whose end never comes. */
function endlessBody(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) });
}

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
