import assert from "node:assert/strict";
import { TokenError } from "../../src/errors/token_error.ts";
import { createSessionSource } from "./session/session_source.ts";
import type { HttpAppOptions } from "../../src/http/http_app.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { createTestServer, mcpRequest, toolCall } from "../mcp/test_server.ts";

const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";
const PING = { jsonrpc: "2.0", id: 1, method: "ping" };
const unconfigured = {
  credentials: () => () => {
    throw new TokenError("credentials_missing");
  },
};

function get(path: string, init: RequestInit = {}): Request {
  return new Request(`http://localhost${path}`, init);
}

Deno.test.each([
  ["a forged Host", { host: "evil.com" }],
  ["a foreign Origin", { origin: "https://evil.com" }],
  ["a null Origin", { origin: "null" }],
  ["a look-alike Origin", { origin: "http://localhost.evil.com" }],
])("createHttpApp() refuses %s on /mcp with a JSON-RPC error", async (_case, headers) => {
  const { app } = createTestServer();
  const response = await app(mcpRequest(PING, { headers }));
  const { error, id } = await response.json() as { error: { code: number }; id: unknown };
  assert.deepEqual([response.status, error.code, id], [403, -32000, null]);
});

Deno.test.each(["/", "/nowhere"])(
  "createHttpApp() refuses a forged Host on %s with a problem",
  async (path) => {
    const { app } = createTestServer();
    const response = await app(get(path, { headers: { host: "evil.com" } }));
    assert.deepEqual([response.status, response.headers.get("content-type")], [
      403,
      "application/problem+json",
    ]);
  },
);

Deno.test("createHttpApp() does not advise to list the Origin of pages that have none", async () => {
  const { app } = createTestServer();
  const text = await (await app(mcpRequest(PING, { headers: { origin: "null" } }))).text();
  assert.match(text, /Forbidden: this server does not answer pages without an Origin of their own/);
  assert.doesNotMatch(text, /FEISHU_TOKEN_ALLOWED_ORIGINS/);
});

Deno.test.each(["tauri://localhost", "chrome-extension://abcdefghijklmnopabcdefghijklmnop", "app://."])(
  "createHttpApp() answers the page of %s once it is listed, and lets it read the answer",
  async (origin) => {
    const refused = await createTestServer().app(mcpRequest(PING, { headers: { origin } }));
    assert.match(await refused.text(), /add it to FEISHU_TOKEN_ALLOWED_ORIGINS/);
    const { app } = createTestServer({ guard: { allowedOrigins: new Set([origin]) } });
    const response = await app(mcpRequest(PING, { headers: { origin } }));
    await response.body?.cancel();
    assert.deepEqual([response.status, response.headers.get("access-control-allow-origin")], [200, origin]);
  },
);

Deno.test("createHttpApp() does not read the body of a forbidden request", async () => {
  const { app, tokens } = createTestServer();
  const request = mcpRequest(toolCall("get_feishu_app_token"), { headers: { host: "evil.com" } });
  await app(request);
  assert.deepEqual([request.bodyUsed, tokens.contexts.length], [false, 0]);
});

Deno.test.each<[string, Record<string, string>]>([
  ["host", { host: "evil.com" }],
  ["origin", { origin: "https://evil.com" }],
])("createHttpApp() names in the log the %s that is not listed", async (header, headers) => {
  const { app, log } = createTestServer();
  await app(mcpRequest(PING, { headers }));
  assert.equal(log.only("http request forbidden").fields[header], headers[header]);
});

Deno.test("createHttpApp() hands the options of the guard on", async () => {
  const { app } = createTestServer({ guard: { allowedHosts: new Set(["tokens.example.com"]) } });
  const response = await app(mcpRequest(PING, { headers: { host: "tokens.example.com" } }));
  assert.equal(response.status, 200);
});

Deno.test("createHttpApp() answers 404 with a problem when there is no such path", async () => {
  const { app } = createTestServer();
  const response = await app(get("/mcpx"));
  assert.deepEqual(await response.json(), {
    type: "about:blank",
    title: "Not Found",
    status: 404,
    detail: "There is nothing under this path; the MCP endpoint is /mcp",
  });
});

Deno.test.each(["/", "/healthz", "/readyz"])(
  "createHttpApp() answers 405 with Allow to POST %s",
  async (path) => {
    const { app } = createTestServer();
    const response = await app(get(path, { method: "POST" }));
    assert.deepEqual([response.status, response.headers.get("allow")], [405, "GET, HEAD"]);
  },
);

Deno.test("createHttpApp() says ok on /healthz when the service is well", async () => {
  const { app } = createTestServer();
  const response = await app(get("/healthz"));
  assert.deepEqual([response.status, await response.json()], [200, { status: "ok", version: "1.2.3" }]);
});

Deno.test("createHttpApp() answers 200 and why on /healthz when the service is not well", async () => {
  const { app, tokens } = createTestServer();
  tokens.onHealth = () => Promise.resolve({ ok: false, reason: { en: "The disk is full", zh: "磁盘已满" } });
  const response = await app(get("/healthz"));
  assert.deepEqual([response.status, await response.json()], [
    200,
    { status: "degraded", reason: "The disk is full", version: "1.2.3" },
  ]);
});

Deno.test.each(["/healthz", "/readyz"])(
  "createHttpApp() tells the log alone on %s which place of the machine is at fault, and once",
  async (path) => {
    const { app, log, tokens } = createTestServer();
    const publicReason = { en: "The token store does not answer", zh: "令牌存储没有响应" };
    const reason = { en: `${publicReason.en}: /home/planted/tokens.kv`, zh: "/home/planted/tokens.kv" };
    tokens.onHealth = () => Promise.resolve({ ok: false, reason, publicReason });
    for (let i = 0; i < 5; i++) {
      const body = await (await app(get(path))).json() as { reason: string };
      assert.equal(body.reason, publicReason.en);
    }
    assert.match(String(log.only("not ready").fields["reason"]), /planted/);
  },
);

Deno.test("createHttpApp() shows nothing of the exception on /healthz when the check itself fails", async () => {
  const { app, tokens } = createTestServer();
  tokens.onHealth = () => Promise.reject(new Error("planted detail"));
  const response = await app(get("/healthz"));
  assert.deepEqual(await response.json(), {
    status: "degraded",
    reason: "The health check failed",
    version: "1.2.3",
  });
});

Deno.test("createHttpApp() answers /healthz after two seconds when the store hangs", async () => {
  const { app, clock, tokens } = createTestServer();
  tokens.onHealth = () => new Promise(() => {});
  const answered = app(get("/healthz"));
  clock.pass(2000);
  assert.equal((await (await answered).json() as { status: string }).status, "degraded");
});

Deno.test("createHttpApp() leaves no timer behind when the health check is done", async () => {
  const { app, clock } = createTestServer();
  await app(get("/healthz"));
  assert.equal(clock.sleeping, 0);
});

Deno.test.each(["/healthz", "/readyz"])("createHttpApp() answers %s under any Host", async (path) => {
  const { app } = createTestServer();
  const response = await app(get(path, { headers: { host: "10.1.2.3:8081" } }));
  assert.equal(response.status, 200);
});

Deno.test("createHttpApp() answers 503 on /readyz until the service is well", async () => {
  const { app, tokens } = createTestServer();
  tokens.onHealth = () => Promise.resolve({ ok: false, reason: { en: "The disk is full", zh: "磁盘已满" } });
  const before = await app(get("/readyz"));
  tokens.onHealth = () => Promise.resolve({ ok: true });
  const after = await app(get("/readyz"));
  assert.deepEqual([before.status, await before.json(), after.status, await after.json()], [
    503,
    { status: "not_ready", reason: "The disk is full" },
    200,
    { status: "ready" },
  ]);
});

Deno.test("createHttpApp() answers /healthz and / when there are no credentials", async () => {
  const { app } = createTestServer(unconfigured);
  const responses = await Promise.all([app(get("/healthz")), app(get("/"))]);
  assert.deepEqual(responses.map(({ status }) => status), [200, 200]);
});

Deno.test("createHttpApp() puts the same new request id on the answer and on its access line", async () => {
  const { app, log } = createTestServer();
  const response = await app(get("/nowhere"));
  assert.match(response.headers.get("x-request-id") ?? "", /^[0-9a-f]{12}$/);
  assert.equal(log.only("http request").fields["request_id"], response.headers.get("x-request-id"));
});

Deno.test("createHttpApp() ignores the request id that a caller sends", async () => {
  const { app } = createTestServer();
  const response = await app(get("/healthz", { headers: { "x-request-id": "planted" } }));
  assert.notEqual(response.headers.get("x-request-id"), "planted");
});

Deno.test.each(["/mcp", "/healthz", "/", "/nowhere"])(
  "createHttpApp() protects the answer of %s",
  async (path) => {
    const { app } = createTestServer();
    const { headers } = await app(get(path));
    assert.deepEqual(
      ["cache-control", "cross-origin-resource-policy", "referrer-policy", "x-content-type-options"].map((
        name,
      ) => headers.get(name)),
      ["no-store", "same-origin", "no-referrer", "nosniff"],
    );
    assert.match(headers.get("content-security-policy") ?? "", /^default-src 'none'.*frame-ancestors 'none'/);
  },
);

Deno.test("createHttpApp() logs method, path, status and duration of a request, and no query", async () => {
  const { app, clock, log, tokens } = createTestServer();
  tokens.onHealth = () => {
    clock.pass(12.34);
    return Promise.resolve({ ok: true });
  };
  await app(get("/readyz?app_secret=planted"));
  const { request_id: _id, ...fields } = log.only("http request").fields;
  assert.deepEqual(fields, { method: "GET", path: "/readyz", status: 200, ms: 12.3 });
});

Deno.test.each([
  ["/mcp", "debug"],
  ["/mcp/", "debug"],
  ["/nowhere", "info"],
  ["/healthz", "debug"],
  ["/readyz", "debug"],
  ["/favicon.ico", "debug"],
  ["/.well-known/oauth-protected-resource/mcp", "debug"],
  ["/.well-known/oauth-authorization-server", "debug"],
  ["/.well-known/openid-configuration", "debug"],
  ["/mcp/.well-known/openid-configuration", "debug"],
])(
  "createHttpApp() logs %s at level %s",
  async (path, level) => {
    const { app, log } = createTestServer();
    await app(get(path));
    assert.equal(log.only("http request").level, level);
  },
);

Deno.test.each([
  ["1999-01-01", PING, "debug"],
  [
    "2099-01-01",
    { ...PING, params: { _meta: { [VERSION_KEY]: "2099-01-01", [CAPABILITIES_KEY]: {} } } },
    "debug",
  ],
  ["2026-07-28", { ...PING, method: "tools/list" }, "info"],
  ["2025-11-25", { ...PING, method: 5 }, "info"],
])("createHttpApp() logs a request under version %s, %j, at level %s", async (version, message, level) => {
  const { app, log } = createTestServer();
  const headers = { "mcp-protocol-version": version, "mcp-method": "ping" };
  assert.equal((await app(mcpRequest(message, { headers }))).status, 400);
  assert.equal(log.only("http request").level, level);
});

Deno.test("createHttpApp() logs at level debug that a client asks for a method that there is not", async () => {
  const { app, log } = createTestServer();
  const _meta = { [VERSION_KEY]: "2026-07-28", [CAPABILITIES_KEY]: {} };
  const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "prompts/list" };
  const message = { jsonrpc: "2.0", id: 1, method: "prompts/list", params: { _meta } };
  assert.equal((await app(mcpRequest(message, { headers }))).status, 404);
  assert.equal(log.only("http request").level, "debug");
});

Deno.test("createHttpApp() answers /mcp/ as /mcp", async () => {
  const { app, log } = createTestServer();
  const request = new Request("http://localhost/mcp/?x=1", mcpRequest(PING));
  const response = await app(request);
  assert.deepEqual([response.status, await response.json()], [200, { jsonrpc: "2.0", id: 1, result: {} }]);
  assert.equal(log.only("http request").fields["path"], "/mcp");
  const foreign = await app(new Request("http://evil.example/mcp/", mcpRequest(PING)));
  assert.deepEqual([foreign.status, foreign.headers.get("content-type")], [403, "application/json"]);
});

Deno.test("createHttpApp() logs a tool call that succeeds at level debug", async () => {
  const { app, log } = createTestServer();
  await app(mcpRequest(PING));
  assert.equal(log.only("http request").level, "debug");
});

Deno.test("createHttpApp() answers -32603 with the request id when the MCP handler throws", async () => {
  const { app, log } = createTestServer({ mcp: () => Promise.reject(new Error("planted detail")) });
  const response = await app(mcpRequest(PING));
  const body = await response.text();
  assert.equal(response.status, 500);
  assert.match(body, new RegExp(`-32603.*${response.headers.get("x-request-id")}`));
  assert.doesNotMatch(body, /planted/);
  assert.equal(log.only("http request failed").fields["error"], "Error");
  assert.doesNotMatch(JSON.stringify(log.lines), /planted/);
});

Deno.test("createHttpApp() says at level debug where it failed, without the message", async () => {
  const { app, log } = createTestServer({
    mcp: () => Promise.reject(new SyntaxError("planted\n    at planted")),
  });
  await app(mcpRequest(PING));
  const at = String(log.only("http request failed at").fields["at"]);
  assert.match(at, /^at .*http_app_test\.ts:\d+/);
  assert.doesNotMatch(at, /planted/);
});

/** A request as Deno makes it of what came over the wire: its URL need not be one. */
function received(url: string, headers: Record<string, string>, thrown?: Error): Request {
  const request = new Request("http://localhost/", { headers });
  Object.defineProperty(request, "url", {
    get(): string {
      if (thrown !== undefined) throw thrown;
      return url;
    },
  });
  return request;
}

Deno.test.each([
  "127.0.0.1:99999",
  "[fe80::1%25eth0]:8081",
  "127.0.0.1, evil",
  "[",
  "%zz",
  "a b",
  "user:planted@localhost",
  "localhost:",
  "localhost#",
  "localhost?",
  "\u009b31m",
])("createHttpApp() answers 400 to the address %j, and logs nothing of it", async (host) => {
  const { app, log } = createTestServer();
  for (const path of ["/mcp", "/healthz", "/nowhere"]) {
    const response = await app(received(`http://${host}${path}?app_secret=planted`, { host }));
    const { status, detail } = await response.json() as { status: number; detail: string };
    assert.deepEqual([response.status, status, detail.includes("planted")], [400, 400, false]);
    assert.match(response.headers.get("x-request-id") ?? "", /^[0-9a-f]{12}$/);
  }
  assert.doesNotMatch(JSON.stringify(log.lines), /planted|\[fe80|evil|zz/);
  assert.deepEqual(log.lines.filter(({ level }) => level === "error"), []);
});

Deno.test("createHttpApp() answers 400 when the Host is none and the request line names an address", async () => {
  const { app } = createTestServer();
  const response = await app(received("http://localhost/mcp", { host: "localhost:99999" }));
  assert.equal(response.status, 400);
});

Deno.test("createHttpApp() answers 500 with a body when the URL cannot even be asked for", async () => {
  const { app, log } = createTestServer();
  const thrown = new TypeError("Invalid URL: 'http://x/mcp?app_secret=planted'");
  const response = await app(received("", {}, thrown));
  const body = await response.text();
  assert.equal(response.status, 500);
  assert.match(body, new RegExp(`"code":"internal_error".*${response.headers.get("x-request-id")}`));
  assert.doesNotMatch(body + JSON.stringify(log.lines), /planted/);
  assert.equal(log.only("http request failed").fields["error"], "TypeError");
});

Deno.test.each<[string, Partial<HttpAppOptions>]>([
  ["who calls", { callerAddress: () => failing() }],
  ["the clock", {
    clock: { ...new ManualClock(), monotonic: () => failing(), now: () => 0, sleep: () => failing() },
  }],
])("createHttpApp() answers 500 with a body when %s cannot be told", async (_case, overrides) => {
  const { app, log } = createTestServer(overrides);
  const info = { remoteAddr: { transport: "tcp", hostname: "10.0.0.1", port: 4711 } } as const;
  const response = await app(get("/nowhere?app_secret=planted"), info);
  assert.equal(response.status, 500);
  assert.match(await response.text(), /"code":"internal_error"/);
  assert.doesNotMatch(JSON.stringify(log.lines), /planted/);
});

function failing(): never {
  throw new Error("planted");
}

Deno.test.each([
  "/mcp&app_secret=planted",
  "/mcp%3Fapp_secret=planted",
  "/mcp/planted",
  "/planted",
  "/healthz/planted",
  "/mcp;planted",
  "//planted",
  "/mcp#planted?planted",
])("createHttpApp() logs no path that is not a route of it: %s", async (path) => {
  const { app, log } = createTestServer();
  const response = await app(received(`http://localhost${path}`, {}));
  assert.doesNotMatch(await response.text() + JSON.stringify(log.lines), /planted/);
  assert.equal(log.lines.filter(({ event }) => event === "http request").length, 1);
});

Deno.test("createHttpApp() logs no method that it does not know", async () => {
  const { app, log } = createTestServer();
  await app(get("/mcp", { method: "PLANTED" }));
  assert.deepEqual(log.only("http request").fields["method"], "(other)");
});

Deno.test.each([
  ["host", "evil.com:8443"],
  ["host", "[2001:db8::7]:80"],
  ["origin", "https://evil.com"],
  ["origin", "chrome-extension://abcdefghijklmnopabcdefghijklmnop"],
  ["origin", "null"],
])("createHttpApp() shows a foreign %s that is a name: %s", async (header, value) => {
  const { app, log } = createTestServer();
  await app(mcpRequest(PING, { headers: { [header]: value } }));
  assert.equal(log.only("http request forbidden").fields[header], value);
});

Deno.test.each([
  ["host", "qPlantedSecretPlantedSecret00001"],
  ["host", "qplantedsecretplantedsecret00001.example.com"],
  ["origin", "https://user:planted@evil.com"],
  ["origin", "https://evil.com/planted"],
  ["origin", "planted planted"],
])("createHttpApp() does not show a foreign %s that may be a secret: %s", async (header, value) => {
  const { app, log } = createTestServer();
  await app(mcpRequest(PING, { headers: { [header]: value } }));
  assert.equal(log.only("http request forbidden").fields[header], "(not shown)");
  assert.doesNotMatch(JSON.stringify(log.lines), /planted/i);
});

Deno.test("createHttpApp() judges the address of the request line as well as Host", async () => {
  const { app, log } = createTestServer();
  const response = await app(received("http://evil.com/nowhere", { host: "localhost" }));
  assert.equal(response.status, 403);
  assert.equal(log.only("http request forbidden").fields["host"], "evil.com");
});

Deno.test("createHttpApp() counts equal refusals, and tells their number after ten seconds", async () => {
  const { app, clock, log } = createTestServer();
  for (let i = 0; i < 500; i++) await app(get(`/nowhere/${i}`, { headers: { host: `evil${i}.com` } }));
  for (let i = 0; i < 3; i++) await app(get(`/nowhere/${i}`));
  assert.deepEqual(
    log.lines.filter(({ event }) => event === "http request forbidden").map(({ fields }) => fields["host"]),
    ["evil0.com", "evil1.com", "evil2.com", "evil3.com", "evil4.com"],
  );
  assert.equal(log.lines.length, 7);
  clock.pass(10_000);
  await Promise.resolve();
  assert.deepEqual(log.lines.slice(7).map(({ event, fields }) => [event, fields]), [
    ["http request forbidden", { why: "foreign_host", repeated: 495, within_seconds: 10 }],
    ["http request", { path: "(no route)", status: 403, repeated: 499, within_seconds: 10 }],
    ["http request", { path: "(no route)", status: 404, repeated: 2, within_seconds: 10 }],
  ]);
});

Deno.test("createHttpApp() hides neither probes nor tools behind what strangers can cause", async () => {
  const { app, tokens, log } = createTestServer();
  const methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "X-ODD"];
  const paths = ["/", "/mcp", "/healthz", "/readyz", "/.well-known/mcp-config", "/nowhere"];
  const kinds: Record<string, string>[] = [{}, { host: "evil.com" }, { origin: "https://evil.com" }, {
    "content-type": "text/plain",
  }];
  for (const method of methods) {
    for (const path of paths) for (const headers of kinds) await app(get(path, { method, headers }));
  }
  tokens.onHealth = () => Promise.resolve({ ok: false, reason: { en: "The disk is full", zh: "磁盘已满" } });
  await app(get("/readyz"));
  assert.equal(log.only("not ready").fields["reason"], "The disk is full");
  assert.equal(log.lines.some(({ event }) => event === "requests refused in other ways"), false);
  const infos = log.lines.filter(({ event }) => event === "http request");
  assert.ok(infos.length < 40, `${infos.length} kinds`);
});

Deno.test("createHttpApp() logs each reason why it is not ready, and that it is again", async () => {
  const { app, tokens, log } = createTestServer();
  const reasons = [
    undefined,
    "The disk is full",
    "The disk is full",
    "The store is away",
    undefined,
    undefined,
  ];
  for (const reason of reasons) {
    tokens.onHealth = () =>
      Promise.resolve(
        reason === undefined ? { ok: true } : { ok: false, reason: { en: reason, zh: reason } },
      );
    await app(get("/readyz"));
  }
  assert.deepEqual(
    log.lines.filter(({ event }) => /ready/.test(event)).map((
      { event, fields },
    ) => [event, fields["reason"]]),
    [["not ready", "The disk is full"], ["not ready", "The store is away"], ["ready again", undefined]],
  );
});

Deno.test("createHttpApp() answers a problem when another handler throws", async () => {
  const { app } = createTestServer({
    credentials: () => {
      throw new Error("planted detail");
    },
  });
  const response = await app(get("/"));
  assert.deepEqual([response.status, response.headers.get("content-type")], [
    500,
    "application/problem+json",
  ]);
});

Deno.test("createHttpApp() asks for the credentials of the very request", async () => {
  const asked: string[] = [];
  const { app } = createTestServer({
    credentials: (request) => {
      asked.push(request.headers.get("x-test") ?? "");
      return () => {
        throw new TokenError("credentials_missing");
      };
    },
  });
  await app(mcpRequest(toolCall("get_feishu_app_token"), { headers: { "x-test": "mine" } }));
  assert.deepEqual(asked, ["mine"]);
});

Deno.test.each<[string, Request, number, RegExp]>([
  [
    "a foreign Host",
    get("/", { headers: { host: "evil.com" } }),
    403,
    /^禁止访问：.*FEISHU_TOKEN_ALLOWED_HOSTS$/,
  ],
  [
    "a foreign page on /mcp",
    mcpRequest(PING, { headers: { origin: "https://evil.com" } }),
    403,
    /^禁止访问：.*FEISHU_TOKEN_ALLOWED_ORIGINS$/,
  ],
  ["an unknown path", get("/nowhere"), 404, /^该路径下没有内容/],
  ["a wrong method", get("/healthz", { method: "POST" }), 405, /^该路径不支持此请求方法$/],
  ["a session that cannot be read", get("/?config=x!"), 422, /^会话配置被拒绝：config 必须是 base64/],
  [
    "a session that cannot be read on /mcp",
    mcpRequest(PING, { headers: { "x-feishu-brand": "x" } }),
    422,
    /必须是 feishu 或 lark$/,
  ],
])("createHttpApp() refuses %s in the server's language", async (_case, request, status, text) => {
  const credentials = createSessionSource();
  const { app } = createTestServer({ language: "zh", credentials });
  const response = await app(request);
  const { detail, error } = await response.json() as { detail?: string; error?: { message: string } };
  assert.equal(response.status, status);
  assert.match(detail ?? error?.message ?? "", text);
});

Deno.test("createHttpApp() says in the server's language why it is not ready", async () => {
  const { app, tokens } = createTestServer({ language: "zh" });
  tokens.onHealth = () => Promise.resolve({ ok: false, reason: { en: "The disk is full", zh: "磁盘已满" } });
  assert.deepEqual(await (await app(get("/readyz"))).json(), { status: "not_ready", reason: "磁盘已满" });
});

Deno.test("createHttpApp() tells a call and the page where the request comes from", async () => {
  const { app, tokens } = createTestServer({
    callerAddress: () => ({ address: "192.0.2.7", scheme: "https" }),
  });
  const info = { remoteAddr: { transport: "tcp", hostname: "10.0.0.1", port: 4711 } } as const;
  await app(mcpRequest(toolCall("get_feishu_app_token")), info);
  const page = await (await app(get("/"), info)).text();
  assert.equal(tokens.contexts[0]?.address, "192.0.2.7");
  assert.match(page, /https:\/\/localhost\/mcp/);
});
