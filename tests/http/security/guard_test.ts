import assert from "node:assert/strict";
import { createGuard } from "../../../src/http/security/guard.ts";

function request(headers: Record<string, string>): Request {
  return new Request("http://localhost/mcp", { headers });
}

Deno.test.each([
  "localhost",
  "localhost:8081",
  "LOCALHOST:8081",
  "127.0.0.1",
  "127.0.0.1:1",
  "127.255.255.254:65535",
  "[::1]",
  "[::1]:8081",
])("createGuard() passes Host %s", (host) => {
  assert.equal(createGuard()(request({ host })), "pass");
});

Deno.test.each([
  "evil.com",
  "evil.com:8081",
  "localhost.evil.com",
  "127.0.0.1.nip.io",
  "127.0.0.1.nip.io:8081",
  "localhost@evil.com",
  "evil.com#localhost",
  "evil.com/localhost",
  "localhost:evil",
  "localhost, evil.com",
  "127.0.0.256",
  "127.1",
  "128.0.0.1",
  "0.0.0.0",
  "10.0.0.1",
  "[::2]",
  "[::1].evil.com",
  "xlocalhost",
  "sub.localhost",
  "",
])("createGuard() refuses Host %j", (host) => {
  assert.equal(createGuard()(request({ host })), "foreign_host");
});

Deno.test("createGuard() judges the URL when there is no Host", () => {
  assert.equal(createGuard()(new Request("http://evil.com/mcp")), "foreign_host");
});

Deno.test.each([
  "http://localhost",
  "http://localhost:3000",
  "https://localhost:3000",
  "http://127.0.0.1:5173",
  "https://127.8.9.10",
  "http://[::1]:3000",
])("createGuard() passes Origin %s", (origin) => {
  assert.equal(createGuard()(request({ host: "localhost", origin })), "pass");
});

Deno.test.each([
  "null",
  "",
  "https://evil.com",
  "http://localhost.evil.com",
  "http://127.0.0.1.nip.io",
  "http://evil.com#localhost",
  "http://evil.com?localhost",
  "http://evil.com/localhost",
  "http://localhost@evil.com",
  "http://localhost:80@evil.com",
  "http://evil.com\\@localhost",
  "http://localhost/",
  "http://localhost, http://evil.com",
  "file://localhost",
  "chrome-extension://localhost",
  "localhost",
])("createGuard() refuses Origin %j", (origin) => {
  assert.equal(createGuard()(request({ host: "localhost", origin })), "foreign_origin");
});

Deno.test("createGuard() passes a request without Origin", () => {
  assert.equal(createGuard()(request({ host: "localhost" })), "pass");
});

Deno.test("createGuard() passes an allowed host under every port when no port is named", () => {
  const guard = createGuard({ allowedHosts: new Set(["tokens.example.com"]) });
  assert.equal(guard(request({ host: "Tokens.example.com:8443" })), "pass");
});

Deno.test("createGuard() refuses another port of a host that is allowed with its port", () => {
  const guard = createGuard({ allowedHosts: new Set(["tokens.example.com:8443"]) });
  assert.deepEqual(
    ["tokens.example.com:8443", "tokens.example.com:8444"].map((host) => guard(request({ host }))),
    ["pass", "foreign_host"],
  );
});

Deno.test("createGuard() passes an allowed origin and not its neighbours", () => {
  const guard = createGuard({ allowedOrigins: new Set(["https://app.example.com"]) });
  const origins = [
    "https://app.example.com",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com.evil.com",
  ];
  assert.deepEqual(
    origins.map((origin) => guard(request({ host: "localhost", origin }))),
    ["pass", "foreign_origin", "foreign_origin", "foreign_origin"],
  );
});

Deno.test("createGuard() never passes a page without an origin of its own", () => {
  const guard = createGuard({ allowedOrigins: new Set(["null"]) });
  assert.equal(guard(request({ host: "localhost", origin: "null" })), "foreign_origin");
});

Deno.test("createGuard() judges each Host by itself when several come in turns", () => {
  const guard = createGuard();
  const hosts = [
    "localhost",
    "evil.com",
    "evil.com",
    "localhost",
    "LOCALHOST",
    "127.0.0.1",
    "127.0.0.1.evil.com",
  ];
  assert.deepEqual(hosts.map((host) => guard(request({ host })) === "pass"), [
    true,
    false,
    false,
    true,
    true,
    true,
    false,
  ]);
});
