/** Revision 2026-07-28 over HTTP: what its headers must say, and what they may leave out. */
import assert from "node:assert/strict";
import { createTestServer, mcpRequest } from "./test_server.ts";

const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";
const META = { [VERSION_KEY]: "2026-07-28", [CAPABILITIES_KEY]: {} };
const APP = "get_feishu_app_token";

interface Answer {
  readonly id: unknown;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

type Headers = Record<string, string>;

async function answerTo(
  method: string,
  params: Record<string, unknown> = {},
  headers: Headers = {},
): Promise<Answer & { status: number }> {
  const { app } = createTestServer();
  const message = { jsonrpc: "2.0", id: "q", method, params };
  const response = await app(mcpRequest(message, { headers }));
  return { status: response.status, ...await response.json() as Answer };
}

function headersFor(method: string, more: Headers = {}): Headers {
  return { "mcp-protocol-version": "2026-07-28", "mcp-method": method, ...more };
}

Deno.test.each([
  ["server/discover", {}, {}],
  ["tools/list", { _meta: { ...META, "io.modelcontextprotocol/clientInfo": null } }, {}],
  ["tools/call", { name: APP }, { "mcp-name": APP }],
  ["tools/call", { name: APP, arguments: null }, { "mcp-name": `=?base64?${btoa(APP)}?=` }],
  ["tools/call", { name: APP, arguments: {} }, { "mcp-name": APP, "mcp-param-x": "planted" }],
])(
  "createMcpHttpHandler() answers %s of 2026-07-28 with %j and %j",
  async (method, params, headers: Headers) => {
    const { status, id, result } = await answerTo(
      method,
      { _meta: META, ...params },
      headersFor(method, headers),
    );
    assert.deepEqual([status, id, result?.["resultType"]], [200, "q", "complete"]);
  },
);

Deno.test.each([
  ["tools/list", {}, { "mcp-method": "tools/list" }, "MCP-Protocol-Version"],
  [
    "tools/list",
    {},
    headersFor("tools/list", { "mcp-protocol-version": "2025-11-25" }),
    "MCP-Protocol-Version",
  ],
  ["tools/list", {}, { "mcp-protocol-version": "2026-07-28" }, "Mcp-Method"],
  ["tools/list", {}, headersFor("tools/call"), "Mcp-Method"],
  ["tools/list", {}, headersFor("TOOLS/LIST"), "Mcp-Method"],
  ["tools/call", { name: APP }, headersFor("tools/call"), "Mcp-Name"],
  ["tools/call", { name: APP }, headersFor("tools/call", { "mcp-name": "planted" }), "Mcp-Name"],
  ["tools/call", { name: APP }, headersFor("tools/call", { "mcp-name": "=?base64?%%?=" }), "Mcp-Name"],
  ["tools/call", { name: APP }, headersFor("tools/call", { "mcp-name": "=?base64?/w==?=" }), "Mcp-Name"],
])(
  "createMcpHttpHandler() refuses %s of 2026-07-28, %j with %j: %s",
  async (method, params, headers, header) => {
    const { status, id, error } = await answerTo(method, { _meta: META, ...params }, headers);
    assert.deepEqual([status, id, error?.code], [400, "q", -32020]);
    assert.match(error?.message ?? "", new RegExp(`^Header mismatch: ${header} must be `));
    assert.doesNotMatch(error?.message ?? "", /planted/);
  },
);

Deno.test("createMcpHttpHandler() answers names outside of ASCII as what they spell", async () => {
  const name = "获取令牌";
  const encoded = new TextEncoder().encode(name).toBase64();
  const headers = headersFor("tools/call", { "mcp-name": `=?base64?${encoded}?=` });
  const { status, error } = await answerTo("tools/call", { _meta: META, name }, headers);
  assert.deepEqual([status, error?.code], [200, -32602]);
  assert.match(error?.message ?? "", /^Unknown tool: /);
});

Deno.test.each([
  [{}],
  [{ _meta: null }],
  [{ _meta: { [CAPABILITIES_KEY]: {} } }],
  [{ _meta: { [VERSION_KEY]: null, [CAPABILITIES_KEY]: {} } }],
  [{ _meta: { [VERSION_KEY]: "2026-07-28" } }],
])(
  "createMcpHttpHandler() refuses parameters that do not go with the header 2026-07-28: %j",
  async (params) => {
    for (const method of ["tools/list", "server/discover", "resources/list"]) {
      const { status, id, error } = await answerTo(method, params, headersFor(method));
      assert.deepEqual([status, id, error?.code], [400, "q", -32602]);
    }
  },
);

Deno.test("createMcpHttpHandler() answers a ping that says nothing of itself, whatever the header", async () => {
  const { status, id, result } = await answerTo("ping", {}, headersFor("ping"));
  assert.deepEqual([status, id, result], [200, "q", {}]);
});

Deno.test.each<[string, object, Headers]>([
  ["that has all we want", META, { "mcp-protocol-version": "2099-01-01", "mcp-method": "server/discover" }],
  ["without capabilities", {}, { "mcp-protocol-version": "2099-01-01" }],
  ["that no header names", {}, {}],
])(
  "createMcpHttpHandler() answers an unknown revision %s with the one that there is",
  async (_what, meta, headers) => {
    const _meta = { ...meta, [VERSION_KEY]: "2099-01-01" };
    const { status, error } = await answerTo("server/discover", { _meta }, headers);
    assert.deepEqual([status, error?.code, error?.data], [400, -32022, {
      supported: ["2026-07-28"],
      requested: "2099-01-01",
    }]);
  },
);

Deno.test("createMcpHttpHandler() answers a method that 2026-07-28 has not with 404", async () => {
  for (const method of ["initialize", "ping", "resources/list"]) {
    const { status, id, error } = await answerTo(method, { _meta: META }, headersFor(method));
    assert.deepEqual([status, id, error?.code], [404, "q", -32601]);
  }
});

Deno.test("createMcpHttpHandler() shakes hands with a client that sends the newest version in the header", async () => {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "x", version: "1" } };
  const { status, result } = await answerTo("initialize", params, { "mcp-protocol-version": "2026-07-28" });
  assert.deepEqual([status, result?.["protocolVersion"]], [200, "2025-11-25"]);
});

Deno.test("createMcpHttpHandler() takes no request of 2026-07-28 in a batch", async () => {
  const { app } = createTestServer();
  const batch = [
    { jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta: META } },
    { jsonrpc: "2.0", id: 2, method: "ping" },
  ];
  const answers = await (await app(mcpRequest(batch))).json() as Answer[];
  assert.deepEqual(answers.map(({ id, error }) => [id, error?.code]), [[1, -32600], [2, undefined]]);
});

Deno.test("createMcpHttpHandler() takes no batch whose headers name 2026-07-28", async () => {
  const { app } = createTestServer();
  const batch = [{ jsonrpc: "2.0", id: 1, method: "tools/list" }];
  const response = await app(mcpRequest(batch, { headers: headersFor("tools/list") }));
  const { id, error } = await response.json() as Answer;
  assert.deepEqual([response.status, id, error?.code], [400, null, -32600]);
});
