import assert from "node:assert/strict";
import { isLoopbackHost } from "../../src/net/is_loopback_host.ts";

Deno.test.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.255.0.9", true],
  ["[::1]", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["localhost.example.com", false],
  ["127.0.0.1.nip.io", false],
  ["127.0.0.256", false],
  ["0.0.0.0", false],
  ["::", false],
  ["10.0.0.1", false],
  ["", false],
])("isLoopbackHost() says of %j: %j", (host, expected) => {
  assert.equal(isLoopbackHost(host), expected);
});
