import assert from "node:assert/strict";
import { authorityName } from "../../src/net/authority_name.ts";

Deno.test.each([
  ["localhost", "localhost"],
  ["localhost:8081", "localhost"],
  ["[::1]:8081", "[::1]"],
])("authorityName() finds the name in %s", (authority, name) => {
  assert.equal(authorityName(authority), name);
});

Deno.test.each([
  "",
  "a b",
  "a,b",
  "user@a",
  "a/b",
  "a?b",
  "a#b",
  "a:b",
  "a:123456",
  "[::1].evil.com",
  "a\\b",
])(
  "authorityName() finds none in %j",
  (authority) => {
    assert.equal(authorityName(authority), undefined);
  },
);
