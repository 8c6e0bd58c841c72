import assert from "node:assert/strict";
import { presentedKey } from "../../../src/http/security/presented_key.ts";

Deno.test.each([
  ["Bearer abc", "abc"],
  ["bearer abc", "abc"],
  ["BEARER  \t abc  ", "abc"],
  ["Bearer a b", "a b"],
  ["Bearer abc, Bearer def", "abc, Bearer def"],
  ["Bearer", undefined],
  ["Bearer ", undefined],
  ["Bearerabc", undefined],
  ["Basic abc", undefined],
  ["abc", undefined],
  ["", undefined],
])("presentedKey() of %j is %j", (authorization, expected) => {
  assert.equal(presentedKey(new Headers({ authorization })), expected);
});

Deno.test("presentedKey() takes a header that was sent twice for one value, which is no key", () => {
  const headers = new Headers([["authorization", "Bearer abc"], ["authorization", "Bearer abc"]]);
  assert.equal(presentedKey(headers), "abc, Bearer abc");
});

Deno.test("presentedKey() is undefined without the header", () => {
  assert.equal(presentedKey(new Headers()), undefined);
});
