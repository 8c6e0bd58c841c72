import assert from "node:assert/strict";
import { isLocalCall } from "../../../src/http/security/is_local_call.ts";

function peer(hostname: string): { readonly remoteAddr: Deno.NetAddr } {
  return { remoteAddr: { transport: "tcp", hostname, port: 50_000 } };
}

Deno.test.each([
  ["127.0.0.1", "http://127.0.0.1:8081/"],
  ["::1", "http://[::1]:8081/"],
  ["::ffff:127.0.0.1", "http://localhost:8081/"],
])("isLocalCall() believes a program of this machine: %s under %s", (address, url) => {
  assert.equal(isLocalCall(new Request(url), peer(address)), true);
});

Deno.test.each<[string, string, Record<string, string>]>([
  ["another machine", "192.0.2.7", {}],
  ["a proxy here that says so in Forwarded", "127.0.0.1", { forwarded: "for=192.0.2.7" }],
  ["a proxy here that says so in X-Forwarded-For", "127.0.0.1", { "x-forwarded-for": "127.0.0.1" }],
  ["a proxy here that says so in X-Forwarded-Host", "127.0.0.1", { "x-forwarded-host": "localhost" }],
  ["a proxy here that says so in X-Real-IP", "127.0.0.1", { "x-real-ip": "192.0.2.7" }],
  ["a proxy here that ends its connection, as nginx does", "127.0.0.1", { connection: "close" }],
  ["a proxy here that says so in Via", "127.0.0.1", { via: "1.1 proxy" }],
])("isLocalCall() does not believe %s", (_case, address, headers) => {
  assert.equal(isLocalCall(new Request("http://localhost/", { headers }), peer(address)), false);
});

Deno.test("isLocalCall() does not believe a name that was rebound to this machine, nor a call from nowhere", () => {
  assert.equal(isLocalCall(new Request("http://tokens.example.com/"), peer("127.0.0.1")), false);
  assert.equal(isLocalCall(new Request("http://localhost/"), undefined), false);
  const named = new Request("http://localhost/", { headers: { host: "tokens.example.com" } });
  assert.equal(isLocalCall(named, peer("127.0.0.1")), false);
});
