import assert from "node:assert/strict";
// @ts-types="@modelcontextprotocol/sdk/client/auth"
import { extractWWWAuthenticateParams } from "@modelcontextprotocol/sdk/client/auth.js";
import type { CallerFinder } from "../../src/callers/caller_finder.ts";
import { createLoginOwner } from "../../src/http/security/login_owner.ts";
import { verbatim } from "../../src/errors/verbatim.ts";
import { TEST_CREDENTIALS } from "../mcp/memory_token_service.ts";
import { createTestServer, mcpRequest, type TestServer, toolCall, withClient } from "../mcp/test_server.ts";

const KEY = "k".repeat(32);
const WRONG = "w".repeat(32);
const findCaller: CallerFinder = (presented) => presented === KEY ? "alice" : undefined;
const WITH_KEY = { headers: { authorization: `Bearer ${KEY}` } };
const WITH_WRONG_KEY = { headers: { authorization: `Bearer ${WRONG}` } };
const HERE = { remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 50_000 } } as const;
const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "0" },
  },
};
const DISCOVER = {
  jsonrpc: "2.0",
  id: 1,
  method: "server/discover",
  params: {
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  },
};
const MODERN = { "mcp-protocol-version": "2026-07-28", "mcp-method": "server/discover" };

function keyedServer(): TestServer {
  return createTestServer({
    findCaller,
    loginOwner: createLoginOwner({
      isBoundToLoopback: () => true,
      isPublished: false,
      allowsSessionLogins: false,
    }),
  });
}

function get(path: string, init: RequestInit = {}): Request {
  return new Request(`http://localhost${path}`, init);
}

Deno.test.each<[string, () => Request]>([
  ["initialize of 2025-11-25", () => mcpRequest(INITIALIZE)],
  ["server/discover of 2026-07-28", () => mcpRequest(DISCOVER, { headers: MODERN })],
  ["a call of a tool", () => mcpRequest(toolCall("get_feishu_app_token"))],
  ["a bare GET", () => get("/mcp", { headers: { "mcp-protocol-version": "2024-11-05" } })],
  ["DELETE", () => get("/mcp", { method: "DELETE" })],
  [
    "an unknown revision",
    () => mcpRequest(INITIALIZE, { headers: { "mcp-protocol-version": "1999-01-01" } }),
  ],
  ["no JSON", () => get("/mcp", { method: "POST", body: "no JSON" })],
  ["credentials that cannot be read", () => get("/mcp?config=%00")],
  ["the path with a slash", () => get("/mcp/")],
])("createCallerGate() challenges %s on /mcp, and no more", async (_case, request) => {
  const { app, tokens } = keyedServer();
  const asked = request();
  const response = await app(asked, HERE);
  assert.equal(response.headers.get("www-authenticate"), 'Bearer realm="feishu-token-mcp"');
  const { error, id } = await response.json() as { error: { code: number; message: string }; id: unknown };
  assert.deepEqual([response.status, error.code, id], [401, -32000, null]);
  assert.match(error.message, /Authorization: Bearer KEY/);
  assert.deepEqual([asked.bodyUsed, tokens.contexts.length], [false, 0]);
  assert.ok(response.headers.has("x-request-id"));
});

Deno.test("createCallerGate() says invalid_token of a wrong key, which the official client reads", async () => {
  const { app } = keyedServer();
  const response = await app(mcpRequest(INITIALIZE, WITH_WRONG_KEY), HERE);
  assert.equal(response.status, 401);
  assert.match(
    response.headers.get("www-authenticate") ?? "",
    /^Bearer realm="[^"]+", error="invalid_token"$/,
  );
  assert.equal(extractWWWAuthenticateParams(response).error, "invalid_token");
  await response.body?.cancel();
});

Deno.test("createCallerGate() gives no error code where no key came, or another scheme did", async () => {
  const { app } = keyedServer();
  for (const headers of [{}, { authorization: "Basic YTpi" }, { authorization: "Bearer " }]) {
    const response = await app(mcpRequest(INITIALIZE, { headers }), HERE);
    assert.deepEqual([response.status, extractWWWAuthenticateParams(response).error], [401, undefined]);
    await response.body?.cancel();
  }
});

Deno.test.each(["/nowhere", "/favicon.ico"])(
  "createCallerGate() challenges %s with a problem",
  async (path) => {
    const { app } = keyedServer();
    const response = await app(get(path), HERE);
    assert.deepEqual([response.status, response.headers.get("content-type")], [
      401,
      "application/problem+json",
    ]);
    assert.equal((await response.json() as { title: string }).title, "Unauthorized");
  },
);

Deno.test.each<[string, number]>([
  ["/healthz", 200],
  ["/readyz", 200],
  ["/", 200],
  ["/.well-known/mcp-config", 200],
  // Clients look for OAuth there after a 401; 404 says that there is none.
  ["/.well-known/oauth-protected-resource/mcp", 404],
])("createCallerGate() lets everyone ask for %s", async (path, status) => {
  const { app } = keyedServer();
  const response = await app(get(path), HERE);
  await response.body?.cancel();
  assert.equal(response.status, status);
});

Deno.test("the page says nothing of the app where callers need a key, and how a key is sent", async () => {
  const about = { isSandbox: true, store: verbatim("/home/planted/tokens.kv"), isPublished: false };
  const { app } = createTestServer({ findCaller, about });
  const page = await (await app(get("/"), HERE)).text();
  for (
    const told of [TEST_CREDENTIALS.appId, "planted", "sandbox", "open.feishu.cn", "credentials configured"]
  ) {
    assert.ok(!page.includes(told), told);
  }
  assert.match(page, /Callers need a key/);
  assert.match(page, /--header &quot;Authorization: Bearer …&quot;/);
});

Deno.test("createCallerGate() answers the preflight of a page, which cannot carry a key, and lets it read the 401", async () => {
  const { app } = keyedServer();
  const origin = "http://localhost:6274";
  const preflight = await app(
    get("/mcp", {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    }),
    HERE,
  );
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers.get("access-control-allow-headers") ?? "", /\bauthorization\b/);
  const refused = await app(mcpRequest(INITIALIZE, { headers: { origin } }), HERE);
  await refused.body?.cancel();
  assert.equal(refused.headers.get("access-control-allow-origin"), origin);
  assert.match(refused.headers.get("access-control-expose-headers") ?? "", /\bwww-authenticate\b/);
});

Deno.test("a foreign Host and a foreign page are refused before a key is asked for", async () => {
  const { app } = keyedServer();
  for (const headers of [{ host: "evil.com" }, { origin: "https://evil.com" }]) {
    const response = await app(mcpRequest(INITIALIZE, { headers }), HERE);
    await response.body?.cancel();
    assert.deepEqual([response.status, response.headers.get("www-authenticate")], [403, null]);
  }
});

Deno.test("a call with a right key is served, for the caller of that name, also from this machine", async () => {
  const { app, logins, log } = keyedServer();
  const response = await app(mcpRequest(toolCall("list_feishu_logins"), WITH_KEY), HERE);
  await response.body?.cancel();
  assert.equal(response.status, 200);
  assert.deepEqual(logins.calls.map(({ owner }) => owner), ["key:alice"]);
  assert.equal(log.only("tool answered").fields["caller"], "alice");
});

Deno.test("a caller with a key keeps its name with an app of its own", async () => {
  const { app, logins } = createTestServer({
    findCaller,
    credentials: () => () => ({ ...TEST_CREDENTIALS, isBrought: true }),
    loginOwner: createLoginOwner({
      isBoundToLoopback: () => false,
      isPublished: true,
      allowsSessionLogins: true,
    }),
  });
  const response = await app(mcpRequest(toolCall("list_feishu_logins"), WITH_KEY), HERE);
  await response.body?.cancel();
  assert.deepEqual(logins.calls.map(({ owner }) => owner), ["key:alice"]);
});

Deno.test("the official client is told 401 without a key, and connects with one", async () => {
  const { app } = keyedServer();
  await assert.rejects(withClient((request) => app(request, HERE), () => Promise.resolve()), { code: 401 });
  const names = await withClient((request) => {
    request.headers.set("authorization", `Bearer ${KEY}`);
    return app(request, HERE);
  }, async (client) => (await client.listTools()).tools.map(({ name }) => name));
  assert.ok(names.includes("get_feishu_app_token"));
});

Deno.test("wrong keys are slowed, and a right one from the same address is not", async () => {
  const { app, clock } = keyedServer();
  for (let count = 0; count < 3; count++) {
    await (await app(mcpRequest(INITIALIZE, WITH_WRONG_KEY), HERE)).body?.cancel();
  }
  const slowed = app(mcpRequest(INITIALIZE, WITH_WRONG_KEY), HERE);
  // Answered although no time passes.
  const right = await app(mcpRequest(toolCall("get_feishu_app_token"), WITH_KEY), HERE);
  await right.body?.cancel();
  assert.equal(right.status, 200);
  const missing = await app(mcpRequest(INITIALIZE), HERE);
  await missing.body?.cancel();
  assert.equal(missing.status, 401);
  clock.pass(250);
  const response = await slowed;
  await response.body?.cancel();
  assert.equal(response.status, 401);
});

Deno.test("refused callers are counted lines of the log, without their key", async () => {
  const { app, clock, log } = createTestServer({
    findCaller,
    callerAddress: () => ({ address: "192.0.2.7", scheme: "http" }),
  });
  for (let count = 0; count < 3; count++) {
    for (const init of [{}, WITH_WRONG_KEY]) {
      await (await app(mcpRequest(INITIALIZE, init), HERE)).body?.cancel();
    }
  }
  clock.pass(10_000);
  await clock.untilSleeping(1);
  const lines = log.lines.filter(({ event }) => event === "caller refused");
  const told = lines.map((
    { level, fields: { why, address, repeated } },
  ) => [level, why, address ?? repeated]);
  assert.deepEqual(told, [
    ["info", "no_key", "192.0.2.7"],
    ["warn", "wrong_key", "192.0.2.7"],
    ["info", "no_key", 2],
    ["warn", "wrong_key", 2],
  ]);
  assert.ok(!JSON.stringify(log.lines).includes(WRONG));
});

Deno.test("without keys Authorization has no meaning", async () => {
  const { app } = createTestServer();
  const response = await app(mcpRequest(toolCall("get_feishu_app_token"), WITH_WRONG_KEY));
  await response.body?.cancel();
  assert.equal(response.status, 200);
});
