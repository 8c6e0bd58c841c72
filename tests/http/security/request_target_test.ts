import assert from "node:assert/strict";
import { createTargetReader } from "../../../src/http/security/request_target.ts";

/** What is read of a request as Deno makes it of what came over the wire. */
function read(url: string, host?: string): ReturnType<ReturnType<typeof createTargetReader>> {
  const request = new Request("http://localhost/", host === undefined ? {} : { headers: { host } });
  Object.defineProperty(request, "url", { value: url });
  return createTargetReader()(request);
}

Deno.test.each([
  ["http://localhost:8081/mcp", "localhost:8081", "/mcp"],
  ["http://localhost/mcp?app_secret=x", "localhost", "/mcp"],
  ["http://localhost/mcp/?app_secret=x", "localhost", "/mcp"],
  ["http://localhost/mcp//", "localhost", "/mcp//"],
  ["http://localhost/mcp#x?y", "localhost", "/mcp"],
  ["http://localhost/?a=/b#c", "localhost", "/"],
  ["http://localhost//evil.com/mcp", "localhost", "//evil.com/mcp"],
  ["http://[::1]:8081/", "[::1]:8081", "/"],
  ["http://TOKENS.example.com/MCP", "TOKENS.example.com", "/MCP"],
  ["ftp://evil.com/mcp", "evil.com", "/mcp"],
  ["http://evil.com:80", "evil.com:80", ""],
  ["http://localhost/*", "localhost", "/*"],
])("createTargetReader() takes %s apart", (url, authority, path) => {
  assert.deepEqual(read(url), { authority, host: null, path });
});

Deno.test("createTargetReader() tells Host beside another authority", () => {
  assert.deepEqual(read("http://evil.com/mcp", "localhost"), {
    authority: "evil.com",
    host: "localhost",
    path: "/mcp",
  });
});

Deno.test.each<[string, string | undefined]>([
  ["http://127.0.0.1:99999/mcp", undefined],
  ["http://[/mcp", undefined],
  ["http://%zz/mcp", undefined],
  ["http://a b/mcp", undefined],
  ["http://user@localhost/mcp", undefined],
  ["http://localhost?/mcp", undefined],
  ["http://localhost#/mcp", undefined],
  ["http:///mcp", undefined],
  ["", undefined],
  ["/mcp", undefined],
  ["http://localhost/mcp", "127.0.0.1:99999"],
  ["http://localhost/mcp", "localhost, evil.com"],
  ["http://localhost/mcp", ""],
])("createTargetReader() finds no target in %s under Host %s", (url, host) => {
  assert.equal(read(url, host), undefined);
});

Deno.test("createTargetReader() judges each request by itself when several come in turns", () => {
  const reader = createTargetReader();
  const hosts = ["localhost", "[", "[", "localhost", "127.0.0.1", "%zz", "localhost"];
  const found = hosts.map((host) => {
    const request = new Request("http://localhost/");
    Object.defineProperty(request, "url", { value: `http://${host}/mcp` });
    return reader(request)?.authority;
  });
  assert.deepEqual(found, [
    "localhost",
    undefined,
    undefined,
    "localhost",
    "127.0.0.1",
    undefined,
    "localhost",
  ]);
});
