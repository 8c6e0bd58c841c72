import assert from "node:assert/strict";
// @ts-types="@modelcontextprotocol/sdk/types"
import { SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/sdk/types.js";
import { noLoginService } from "../../src/login/no_login_service.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import { readMessages } from "../../src/mcp/messages/read_messages.ts";
import { createResponder } from "../../src/mcp/responder.ts";
import { HANDSHAKE_REVISIONS } from "../../src/mcp/messages/revisions.ts";
import { TOOL_TABLE } from "../../src/mcp/tools/tool_table.ts";
import { type McpCall, Toolbox } from "../../src/mcp/calls/toolbox.ts";
import { TOOL_NAMES } from "../clients/expected_answers.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { MemoryTokenService, TEST_CREDENTIALS } from "./memory_token_service.ts";
import { answerOfSdk } from "./sdk_answers.ts";
import { ManualClock } from "../support/manual_clock.ts";

const APP = "get_feishu_app_token";
const REFRESH = "refresh_feishu_user_token";
const REPORT = "report_feishu_token_rejected";

const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};

interface Answered {
  readonly status: number;
  readonly json: string;
}

interface Failure {
  readonly id: unknown;
  readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** Our layer and the SDK's server over the same tools. */
function bothWays(prepare: (tokens: MemoryTokenService) => void = () => {}): {
  ours(message: unknown, more?: Partial<McpCall>): Promise<Answered>;
  sdk(message: unknown, more?: Partial<McpCall>): Promise<string | undefined>;
} {
  const clock = new ManualClock();
  const tokens = new MemoryTokenService(clock.now());
  prepare(tokens);
  const toolbox = new Toolbox({ tools: TOOL_TABLE, tokens, logins: noLoginService(), clock, language: "zh" });
  const respond = createResponder({ toolbox, version: "1.2.3" });
  const callWith = (more: Partial<McpCall>): McpCall => ({
    requestId: "0123456789ab",
    log: new RecordingLog(),
    credentials: () => TEST_CREDENTIALS,
    ...more,
  });
  return {
    async ours(message, more = {}): Promise<Answered> {
      const request = readMessages(JSON.stringify(message))?.messages[0];
      assert(request?.kind === "request", JSON.stringify(request));
      return await respond(request, callWith(more), new AbortController().signal);
    },
    sdk: (message, more = {}) => answerOfSdk(JSON.parse(JSON.stringify(message)), toolbox, callWith(more)),
  };
}

function request(members: object): Record<string, unknown> {
  return { jsonrpc: "2.0", id: 1, ...members };
}

function call(name: string, args?: unknown, more: object = {}): Record<string, unknown> {
  return request({ method: "tools/call", params: { name, arguments: args, ...more } });
}

async function failureOf(message: unknown): Promise<Failure & { status: number }> {
  const { status, json } = await bothWays().ours(message);
  return { status, ...JSON.parse(json) };
}

Deno.test("HANDSHAKE_REVISIONS are those of the SDK's server", () => {
  assert.deepEqual(HANDSHAKE_REVISIONS, SUPPORTED_PROTOCOL_VERSIONS);
});

Deno.test.each([
  ...[...HANDSHAKE_REVISIONS, "2026-07-28", "1999-01-01", ""].map((protocolVersion) =>
    request({
      method: "initialize",
      params: { protocolVersion, capabilities: { roots: {} }, clientInfo: { name: "client", version: "1" } },
    })
  ),
  request({ method: "ping" }),
  request({ method: "ping", params: {} }),
  request({ method: "ping", params: { _meta: { progressToken: 5 } } }),
  request({ method: "tools/list" }),
  request({ method: "tools/list", params: {} }),
  request({ method: "tools/list", params: { cursor: "next" } }),
  request({ method: "tools/list", params: { _meta: { progressToken: "p" }, surplus: true } }),
  request({ method: "tools/list", id: 'a "quoted"\n\u2028 飞书 id' }),
  request({ method: "tools/list", id: "\ud800" }),
  request({ method: "tools/list", id: "" }),
  request({ method: "tools/list", id: 0 }),
  request({ method: "tools/list", id: -5 }),
  request({ method: "tools/list", id: 9007199254740991 }),
  request({ method: "resources/list" }),
  request({ method: "logging/setLevel", params: { level: "debug" } }),
  request({ method: "notifications/initialized" }),
  request({ method: "__proto__" }),
  call(APP),
  call(APP, {}),
  call(APP, {}, { _meta: { progressToken: "p", "io.modelcontextprotocol/related-task": { taskId: "t" } } }),
  call(APP, {}, { surplus: [1, 2] }),
  call(APP, { min_ttl_seconds: 1200 }),
  call(APP, { min_ttl_seconds: "planted" }),
  call(APP, { min_ttl_seconds: -1, surplus: [1, { a: {} }] }),
  call(APP, { app_secret: "planted" }),
  request({ method: "tools/call", params: { name: APP, arguments: JSON.parse('{"__proto__":{"a":1}}') } }),
  call(REFRESH),
  call(REFRESH, { refresh_token: "ur-presented" }),
  call(REFRESH, { refresh_token: "ur with blanks" }),
  call(REPORT, { token: "t-rejected", feishu_code: 99991663 }),
  call(REPORT, {}),
])("createResponder() answers as the SDK's server, byte for byte: %j", async (message) => {
  const { ours, sdk } = bothWays();
  const { status, json } = await ours(message);
  assert.deepEqual([status, json], [200, await sdk(message)]);
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
])("createResponder() answers as the SDK's server when %s", async (_case, onAppToken) => {
  const { ours, sdk } = bothWays((tokens) => tokens.onAppToken = onAppToken);
  assert.equal((await ours(call(APP))).json, await sdk(call(APP)));
});

Deno.test("createResponder() answers as the SDK's server when there are no credentials", async () => {
  const { ours, sdk } = bothWays();
  const without = {
    credentials: (): never => {
      throw new TokenError("credentials_missing");
    },
  };
  assert.equal((await ours(call(APP), without)).json, await sdk(call(APP), without));
});

Deno.test("createResponder() says of a success that it is no error", async () => {
  const { result } = JSON.parse((await bothWays().ours(call(APP))).json);
  assert.equal(result.isError, false);
});

Deno.test.each([
  [{ method: "ping", params: null }, { method: "ping" }],
  [{ method: "ping", params: { _meta: null } }, { method: "ping" }],
  [{ method: "ping", surplus: 1, result: null, error: null }, { method: "ping" }],
  [{ method: "tools/list", params: null }, { method: "tools/list" }],
  [{ method: "tools/list", params: { cursor: null, _meta: null } }, { method: "tools/list" }],
  [{ method: "tools/list", params: { _meta: { progressToken: null } } }, { method: "tools/list" }],
  [
    { method: "tools/call", params: { name: APP, arguments: null, _meta: null } },
    { method: "tools/call", params: { name: APP } },
  ],
  [
    { method: "tools/call", params: { name: APP, arguments: {}, task: { ttl: 1000 } } },
    { method: "tools/call", params: { name: APP } },
  ],
  [
    { method: "tools/call", params: { name: APP, task: null } },
    { method: "tools/call", params: { name: APP } },
  ],
  [
    { method: "tools/call", params: { name: REFRESH, arguments: null } },
    { method: "tools/call", params: { name: REFRESH } },
  ],
])("createResponder() takes %j for %j", async (members, same) => {
  const { ours, sdk } = bothWays();
  assert.equal((await ours(request(members))).json, await sdk(request(same)));
});

Deno.test.each([
  [{ method: "tools/list", params: { cursor: 5 } }, "Invalid params: cursor must be a string"],
  [{ method: "tools/call", params: { name: APP, arguments: "planted" } }, /arguments must be an object$/],
  [{ method: "tools/call", params: { name: APP, arguments: ["planted"] } }, /arguments must be an object$/],
  [{ method: "tools/call" }, /name must be the name of a tool; this server has get_feishu_app_token, /],
  [{ method: "tools/call", params: { name: null, arguments: {} } }, /name must be the name of a tool/],
  [{ method: "tools/call", params: { name: 5 } }, /name must be the name of a tool/],
  [
    { method: "tools/call", params: { name: "planted" } },
    /^Unknown tool: this server has get_feishu_app_token, /,
  ],
  [{ method: "tools/call", params: { name: "__proto__" } }, /^Unknown tool/],
  [{ method: "initialize" }, "Invalid params: protocolVersion must be a revision of the protocol"],
  [{ method: "initialize", params: { protocolVersion: null } }, /protocolVersion/],
  [{ method: "initialize", params: { protocolVersion: 20251125, clientInfo: {} } }, /protocolVersion/],
])("createResponder() answers %j with -32602 in a sentence", async (members, message) => {
  const { id, status, error } = await failureOf(request(members));
  assert.deepEqual([id, status, error.code], [1, 200, -32602]);
  if (typeof message === "string") assert.equal(error.message, message);
  else assert.match(error.message, message);
  assert.doesNotMatch(error.message, /planted|[[\]{}\n]/);
});

Deno.test.each([
  [{ protocolVersion: "2025-11-25" }, "2025-11-25"],
  [{ protocolVersion: "2024-11-05", clientInfo: null, capabilities: null }, "2024-11-05"],
  [
    { protocolVersion: "2025-06-18", clientInfo: { name: 5 }, capabilities: { sampling: true } },
    "2025-06-18",
  ],
  [{ protocolVersion: "2025-03-26", clientInfo: "planted", capabilities: [], _meta: null }, "2025-03-26"],
  [
    { protocolVersion: "2026-07-28", capabilities: {}, clientInfo: { name: "x", version: "1" } },
    "2025-11-25",
  ],
])("createResponder() shakes hands on %j: %s", async (params, protocolVersion) => {
  const { json } = await bothWays().ours(request({ method: "initialize", params }));
  const { result, id } = JSON.parse(json);
  assert.match(result.instructions, /never print it/);
  const { instructions: _, ...rest } = result;
  assert.deepEqual({ id, rest }, {
    id: 1,
    rest: {
      protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: "feishu-token-mcp", title: "Feishu tokens", version: "1.2.3" },
    },
  });
});

const SERVER_INFO = {
  "io.modelcontextprotocol/serverInfo": {
    name: "feishu-token-mcp",
    title: "Feishu tokens",
    version: "1.2.3",
  },
};

async function resultOf(members: object): Promise<Record<string, unknown>> {
  const { status, json } = await bothWays().ours(request(members));
  assert.equal(status, 200);
  return JSON.parse(json).result;
}

Deno.test("createResponder() tells a client of 2026-07-28 what there is", async () => {
  const { instructions, ...rest } = await resultOf({ method: "server/discover", params: { _meta: META } });
  assert.match(String(instructions), /never print it/);
  assert.deepEqual(rest, {
    resultType: "complete",
    supportedVersions: ["2026-07-28"],
    capabilities: { tools: {} },
    ttlMs: 3_600_000,
    cacheScope: "public",
    _meta: SERVER_INFO,
  });
});

Deno.test("createResponder() lists the same tools in 2026-07-28, and says how long they may be kept", async () => {
  const { tools, ...rest } = await resultOf({ method: "tools/list", params: { _meta: META, cursor: null } });
  assert.deepEqual(tools, (await resultOf({ method: "tools/list" }))["tools"]);
  assert.deepEqual((tools as { name: string }[]).map(({ name }) => name), TOOL_NAMES);
  assert.deepEqual(rest, {
    resultType: "complete",
    ttlMs: 3_600_000,
    cacheScope: "public",
    _meta: SERVER_INFO,
  });
});

Deno.test.each([["works", {}], ["fails", { min_ttl_seconds: -5 }]])(
  "createResponder() answers a call of 2026-07-28 that %s with the same result, complete",
  async (_case, args) => {
    const params = { name: APP, arguments: args };
    const old = await resultOf({ method: "tools/call", params });
    assert.deepEqual(await resultOf({ method: "tools/call", params: { ...params, _meta: META } }), {
      resultType: "complete",
      ...old,
      _meta: { ...SERVER_INFO, ...old["_meta"] as object },
    });
  },
);

Deno.test.each([
  "ping",
  "initialize",
  "logging/setLevel",
  "resources/list",
  "subscriptions/listen",
  "toString",
])(
  "createResponder() knows no %s in 2026-07-28",
  async (method) => {
    const { id, status, error } = await failureOf(request({ method, params: { _meta: META } }));
    assert.deepEqual([id, status, error], [1, 404, { code: -32601, message: "Method not found" }]);
  },
);

Deno.test.each([
  ["server/discover", undefined, /protocolVersion"\] must be a revision/],
  ["server/discover", { ...META, "io.modelcontextprotocol/protocolVersion": null }, /protocolVersion/],
  ["tools/list", { ...META, "io.modelcontextprotocol/protocolVersion": 5 }, /protocolVersion/],
  [
    "tools/list",
    { ...META, "io.modelcontextprotocol/clientCapabilities": null },
    /clientCapabilities"\] must be an/,
  ],
  ["tools/call", { "io.modelcontextprotocol/protocolVersion": "2026-07-28" }, /clientCapabilities/],
])("createResponder() refuses %s with _meta %j", async (method, _meta, message) => {
  const { status, error } = await failureOf(request({ method, params: { _meta } }));
  assert.deepEqual([status, error.code], [400, -32602]);
  assert.match(error.message, message);
});

Deno.test.each(["2099-01-01", "2025-11-25", ""])(
  "createResponder() names the one revision that _meta may, when it is %j",
  async (requested) => {
    const _meta = { ...META, "io.modelcontextprotocol/protocolVersion": requested };
    const { status, error } = await failureOf(request({ method: "server/discover", params: { _meta } }));
    assert.deepEqual([status, error.code, error.data], [400, -32022, {
      supported: ["2026-07-28"],
      requested,
    }]);
  },
);

Deno.test("createResponder() answers what fails in itself under its id, and says no more than where to look", async () => {
  class BrokenToolbox extends Toolbox {
    override find(): never {
      throw new Error("planted");
    }
  }
  const clock = new ManualClock();
  const toolbox = new BrokenToolbox({
    tools: TOOL_TABLE,
    tokens: new MemoryTokenService(clock.now()),
    logins: noLoginService(),
    clock,
  });
  const respond = createResponder({ toolbox, version: "1.2.3" });
  const log = new RecordingLog();
  const asked = readMessages(
    JSON.stringify(request({ id: "a", method: "tools/call", params: { name: APP } })),
  );
  const [message] = asked?.messages ?? [];
  assert(message?.kind === "request");
  const call = { requestId: "0123456789ab", log, credentials: () => TEST_CREDENTIALS };
  const { status, json } = await respond(message, call, new AbortController().signal);
  const { id, error } = JSON.parse(json) as Failure;
  assert.deepEqual([status, id, error.code], [500, "a", -32603]);
  assert.match(error.message, /0123456789ab/);
  assert.doesNotMatch(json + JSON.stringify(log.lines), /planted/);
  assert.equal(log.only("message failed").level, "error");
});
