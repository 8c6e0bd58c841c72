import assert from "node:assert/strict";
import { Mask } from "../../src/log/mask.ts";
import { Secret } from "../../src/secret.ts";

const TAIL = "0123456789abcdefghij";

Deno.test.each([
  ["an app or tenant token", `t-g1044${TAIL.toUpperCase()}`],
  ["an app token of a store app", `a-${TAIL}`],
  ["a user token", `u-${TAIL}`],
  ["a refresh token", `ur-${TAIL}`],
  ["a JWT", `eyJhbGciOiJFUzI1NiJ9.${TAIL}.${TAIL}-_`],
  ["a JWT that was cut", `eyJhbGciOiJFUzI1NiJ9.${TAIL.slice(0, 3)}`],
])("apply() takes out %s that nobody told it of", (_name, token) => {
  assert.equal(new Mask().apply(`refused (${token}): x`), "refused ([secret]): x");
});

Deno.test("apply() takes out what stands behind Bearer, and nothing beyond", () => {
  assert.equal(new Mask().apply('"Bearer abc.def" and more'), '"[secret]" and more');
});

Deno.test.each([
  "2026-11-23T03:35:15.205Z warn token issued by Feishu ms=12",
  "log id 20261123033515A0B1C2D3E4F5A6B7C8",
  "http://127.0.0.1:8081/mcp",
  "/home/someone/.local/share/feishu-token-mcp/tokens.kv",
  "request id 0f8fad5b-d9cb-469f-a165-70867728950e",
])("apply() leaves alone: %s", (text) => {
  assert.equal(new Mask().apply(text), text);
});

Deno.test("apply() takes out a live secret of any shape, wherever and however often it stands", () => {
  const mask = new Mask();
  mask.add(new Secret("planted$&.secret"));
  assert.equal(mask.apply("aplanted$&.secretb planted$&.secret"), "a[secret]b [secret]");
});

Deno.test("apply() leaves nothing of a secret when another one is its beginning", () => {
  const mask = new Mask();
  mask.add(new Secret("planted-1"));
  mask.add(new Secret("planted-1-and-the-rest"));
  assert.equal(mask.apply("<planted-1-and-the-rest>"), "<[secret]>");
});

Deno.test("apply() leaves words alone when a secret is as short as a word", () => {
  const mask = new Mask();
  mask.add(new Secret("token"));
  mask.keep(new Secret("store"));
  assert.equal(mask.apply("the token store"), "the token store");
});

Deno.test("apply() still knows the newest 200 secrets", () => {
  const mask = new Mask();
  for (let i = 0; i < 250; i++) mask.add(new Secret(`planted-secret-${String(i).padStart(3, "0")}`));
  assert.equal(mask.apply("planted-secret-050 planted-secret-249"), "[secret] [secret]");
  assert.equal(mask.apply("planted-secret-049"), "planted-secret-049");
});

Deno.test("apply() knows a secret that is used again and again however many others pass", () => {
  const mask = new Mask();
  for (let i = 0; i < 500; i++) {
    mask.add(new Secret("planted-app-secret"));
    mask.add(new Secret(`planted-token-${i}`));
  }
  assert.equal(mask.apply("planted-app-secret"), "[secret]");
});

Deno.test("apply() knows secrets that came after it was asked", () => {
  const mask = new Mask();
  assert.equal(mask.apply("planted-secret planted-server-key"), "planted-secret planted-server-key");
  mask.add(new Secret("planted-secret"));
  assert.equal(mask.apply("planted-secret planted-server-key"), "[secret] planted-server-key");
  mask.keep(new Secret("planted-server-key"));
  assert.equal(mask.apply("planted-secret planted-server-key"), "[secret] [secret]");
});

Deno.test("apply() never forgets a secret that is to be kept", () => {
  const mask = new Mask();
  mask.keep(new Secret("planted-server-key"));
  for (let i = 0; i < 250; i++) mask.add(new Secret(`planted-token-${i}`));
  assert.equal(mask.apply("planted-server-key"), "[secret]");
});
