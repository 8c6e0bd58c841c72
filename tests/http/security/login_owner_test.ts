import assert from "node:assert/strict";
import { createLoginOwner, type LoginOwnerOptions } from "../../../src/http/security/login_owner.ts";
import type { AppCredentials } from "../../../src/ports/feishu.ts";
import { Secret } from "../../../src/secret.ts";

const OWN: AppCredentials = { brand: "feishu", appId: "cli_own", appSecret: new Secret("own secret") };
const BROUGHT: AppCredentials = { ...OWN, isBrought: true };
const HERE = peer("127.0.0.1");
const LOCAL: LoginOwnerOptions = {
  isBoundToLoopback: () => true,
  isPublished: false,
  allowsSessionLogins: false,
};

function peer(hostname: string): { readonly remoteAddr: Deno.NetAddr } {
  return { remoteAddr: { transport: "tcp", hostname, port: 50_000 } };
}

function request(headers: Record<string, string> = {}, url = "http://127.0.0.1:8081/mcp"): Request {
  return new Request(url, { method: "POST", headers });
}

Deno.test.each([
  ["127.0.0.1", "http://127.0.0.1:8081/mcp"],
  ["127.0.0.1", "http://localhost:8081/mcp"],
  ["::1", "http://[::1]:8081/mcp"],
])("createLoginOwner() makes a program of this machine `local`: %s under %s", (address, url) => {
  assert.equal(createLoginOwner(LOCAL)(request({}, url), peer(address), OWN), "local");
});

Deno.test.each<[string, Partial<LoginOwnerOptions>]>([
  ["is bound to other addresses too", { isBoundToLoopback: () => false }],
  ["has a public name", { isPublished: true }],
])("createLoginOwner() makes nobody `local` where the server %s", (_case, options) => {
  for (const allowsSessionLogins of [false, true]) {
    const ownerOf = createLoginOwner({ ...LOCAL, ...options, allowsSessionLogins });
    assert.equal(ownerOf(request(), HERE, OWN), undefined);
  }
});

Deno.test("createLoginOwner() asks at each call what is bound, since that is known only after the start", () => {
  let isBoundToLoopback = false;
  const ownerOf = createLoginOwner({ ...LOCAL, isBoundToLoopback: () => isBoundToLoopback });
  assert.equal(ownerOf(request(), HERE, OWN), undefined);
  isBoundToLoopback = true;
  assert.equal(ownerOf(request(), HERE, OWN), "local");
});

Deno.test.each<[string, Record<string, string>]>([
  ["Forwarded", { forwarded: "for=192.0.2.7" }],
  ["X-Forwarded-For", { "x-forwarded-for": "127.0.0.1" }],
  ["X-Forwarded-Proto", { "x-forwarded-proto": "http" }],
  ["X-Real-IP", { "x-real-ip": "127.0.0.1" }],
  ["Via", { via: "1.1 proxy" }],
  ["Connection: close", { connection: "close" }],
])("createLoginOwner() gives a call with %s no logins", (_case, headers) => {
  assert.equal(createLoginOwner(LOCAL)(request(headers), HERE, OWN), undefined);
});

Deno.test("createLoginOwner() gives another machine, another name and a call from nowhere no logins", () => {
  const ownerOf = createLoginOwner(LOCAL);
  assert.equal(ownerOf(request(), peer("192.0.2.7"), OWN), undefined);
  assert.equal(ownerOf(request({}, "http://tokens.example.com/mcp"), HERE, OWN), undefined);
  assert.equal(ownerOf(request({ host: "tokens.example.com" }), HERE, OWN), undefined);
  assert.equal(ownerOf(request({}, "http://127.0.0.1.nip.io/mcp"), HERE, OWN), undefined);
  assert.equal(ownerOf(request(), undefined, OWN), undefined);
});

Deno.test("createLoginOwner() gives a call without credentials no logins", () => {
  assert.equal(
    createLoginOwner({ ...LOCAL, allowsSessionLogins: true })(request(), HERE, undefined),
    undefined,
  );
});

Deno.test("createLoginOwner() never takes an app that came with the call for the server's own", () => {
  assert.equal(createLoginOwner(LOCAL)(request(), HERE, BROUGHT), undefined);
});

Deno.test("createLoginOwner() makes those who bring the secret `session` where the operator allows it, wherever they are", () => {
  const ownerOf = createLoginOwner({ ...LOCAL, isPublished: true, allowsSessionLogins: true });
  assert.equal(ownerOf(request(), HERE, BROUGHT), "session");
  assert.equal(ownerOf(request({ via: "1.1 proxy" }), peer("192.0.2.7"), BROUGHT), "session");
  assert.equal(createLoginOwner({ ...LOCAL, allowsSessionLogins: true })(request(), HERE, OWN), "local");
});

Deno.test("createLoginOwner() makes the holder of a key its name, wherever it is and whichever app it uses", () => {
  for (const options of [LOCAL, { ...LOCAL, isPublished: true, allowsSessionLogins: true }]) {
    const ownerOf = createLoginOwner({ ...options, isBoundToLoopback: () => false });
    for (const app of [OWN, BROUGHT, undefined]) {
      const { url, headers } = request({ via: "1.1 proxy" });
      assert.equal(ownerOf({ url, headers, callerName: "alice" }, peer("192.0.2.7"), app), "key:alice");
    }
  }
  const { url, headers } = request();
  assert.equal(createLoginOwner(LOCAL)({ url, headers, callerName: "bob" }, HERE, OWN), "key:bob");
});
