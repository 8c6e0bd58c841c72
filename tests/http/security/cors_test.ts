import assert from "node:assert/strict";
import type { LoopbackPages } from "../../../src/http/security/origin_check.ts";
import { createSessionSource } from "../session/session_source.ts";
import { createTestServer, mcpRequest, type TestServer, toolCall } from "../../mcp/test_server.ts";

const LISTED = "https://app.example.com";
const LOOPBACK = "http://localhost:6274";
const PING = { jsonrpc: "2.0", id: 1, method: "ping" };

function server(readingPages: LoopbackPages = "all"): TestServer["app"] {
  return createTestServer({
    guard: { allowedOrigins: new Set([LISTED]), readingPages },
    credentials: createSessionSource(),
  }).app;
}

function preflight(path: string, origin: string, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`http://localhost${path}`, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST", ...headers },
  });
}

/** The items of a header that lists some. */
function listed(response: Response, name: string): readonly string[] {
  return (response.headers.get(name) ?? "").split(", ");
}

Deno.test.each([LISTED, LOOPBACK, "https://127.0.0.1:5173"])(
  "createCors() answers the preflight of a page of %s",
  async (origin) => {
    const response = await server()(preflight("/mcp", origin));
    assert.deepEqual(
      [response.status, await response.text(), response.headers.get("access-control-allow-origin")],
      [204, "", origin],
    );
  },
);

Deno.test("createCors() allows every header that an MCP client sends", async () => {
  const response = await server()(preflight("/mcp", LISTED));
  const needed = [
    "accept",
    "authorization",
    "content-type",
    "mcp-protocol-version",
    "mcp-session-id",
    "x-feishu-app-id",
    "x-feishu-app-secret",
    "x-feishu-brand",
  ];
  const allowed = listed(response, "access-control-allow-headers");
  assert.deepEqual(needed.filter((name) => !allowed.includes(name)), []);
});

Deno.test.each([["/mcp", ["DELETE", "GET", "POST"]], ["/.well-known/mcp-config", ["GET", "HEAD"]]])(
  "createCors() allows the methods of %s",
  async (path, methods) => {
    const response = await server()(preflight(path, LISTED));
    assert.deepEqual(listed(response, "access-control-allow-methods"), methods);
  },
);

Deno.test.each(["https://evil.com", "null", "https://app.example.com.evil.com", "http://app.example.com"])(
  "createCors() leaves the preflight of a page of %s to the guard",
  async (origin) => {
    const response = await server()(preflight("/mcp", origin));
    assert.deepEqual(
      [response.status, response.headers.get("access-control-allow-origin")],
      [403, null],
    );
  },
);

Deno.test("createCors() lets an allowed page read the answer and the headers that clients need", async () => {
  const response = await server()(mcpRequest(PING, { headers: { origin: LISTED } }));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("access-control-allow-origin"), LISTED);
  const exposed = listed(response, "access-control-expose-headers");
  assert.deepEqual(["mcp-session-id", "x-request-id"].filter((name) => !exposed.includes(name)), []);
  assert.equal(response.headers.get("vary"), "origin");
});

Deno.test.each<[string, Request, number]>([
  ["a refused method", new Request("http://localhost/mcp", { headers: { origin: LISTED } }), 405],
  ["an unknown path", new Request("http://localhost/nowhere", { headers: { origin: LISTED } }), 404],
  ["a refused session", mcpRequest(PING, { headers: { origin: LISTED, "x-feishu-brand": "x" } }), 422],
])("createCors() lets an allowed page read the answer to %s", async (_case, request, status) => {
  const response = await server()(request);
  assert.deepEqual([response.status, response.headers.get("access-control-allow-origin")], [status, LISTED]);
});

Deno.test("createCors() never allows every origin, nor credentials of the browser", async () => {
  const app = server();
  const responses = [
    await app(preflight("/mcp", LISTED)),
    await app(mcpRequest(toolCall("get_feishu_app_token"), { headers: { origin: LOOPBACK } })),
    await app(mcpRequest(PING)),
  ];
  assert.deepEqual(
    responses.map(({ headers }) => [
      headers.get("access-control-allow-origin"),
      headers.get("access-control-allow-credentials"),
    ]),
    [[LISTED, null], [LOOPBACK, null], [null, null]],
  );
});

Deno.test("createCors() lets no foreign page read an unguarded path", async () => {
  const response = await server()(
    new Request("http://localhost/healthz", { headers: { origin: "https://evil.com" } }),
  );
  assert.deepEqual([response.status, response.headers.get("access-control-allow-origin")], [200, null]);
});

Deno.test("createCors() takes OPTIONS without a requested method for what it is", async () => {
  const response = await server()(
    new Request("http://localhost/mcp", { method: "OPTIONS", headers: { origin: LISTED } }),
  );
  assert.equal(response.status, 405);
});

Deno.test("createCors() answers no preflight of a foreign page on an unguarded path", async () => {
  const response = await server()(preflight("/healthz", "https://evil.com"));
  assert.deepEqual([response.status, response.headers.get("access-control-allow-methods")], [403, null]);
});

Deno.test.each([LISTED, LOOPBACK, "http://127.0.0.1:6274", "http://[::1]:6274"])(
  "createCors() lets a page of %s read answers when loopback pages are not trusted as such",
  async (origin) => {
    const app = server("inspector");
    const asked = await app(preflight("/mcp", origin));
    const answered = await app(mcpRequest(PING, { headers: { origin } }));
    const allowed = [asked, answered].map(({ headers }) => headers.get("access-control-allow-origin"));
    assert.deepEqual([asked.status, answered.status, allowed], [204, 200, [origin, origin]]);
  },
);

Deno.test.each([
  "http://localhost:3000",
  "http://127.0.0.1",
  "http://localhost:62740",
  "http://evil.com:6274",
])(
  "createCors() lets no page of %s read answers when loopback pages are not trusted as such",
  async (origin) => {
    const app = server("inspector");
    const asked = await app(preflight("/mcp", origin));
    const answered = await app(mcpRequest(PING, { headers: { origin } }));
    const allowed = [asked, answered].map(({ headers }) => headers.get("access-control-allow-origin"));
    assert.deepEqual([asked.status, allowed], [403, [null, null]]);
    assert.match(await asked.text(), /FEISHU_TOKEN_ALLOWED_ORIGINS/);
  },
);
