import assert from "node:assert/strict";
import { kvErrorText } from "../../../src/store/kv/kv_error_text.ts";

// The texts are those of Deno 2.9.6.
Deno.test.each<[string, string]>([
  [
    "KV Connect failed to call 'http://user:planted@kv.example:4512/v2/atomic_write' (status=400 Bad Request): planted",
    "KV Connect: status 400 Bad Request",
  ],
  [
    "Could not open Deno KV database: the metadata endpoint at 'https://kv.example/?key=planted' responded with status 401 Unauthorized: planted",
    "KV Connect: status 401",
  ],
  ["KV Connect failed to read response body: error at https://kv.example/planted", "KV Connect failed"],
  ["KV Connect failed to decode response", "KV Connect failed"],
  ["database is locked", "TypeError: database is locked"],
  ["disk I/O error\nin more lines", "TypeError: disk I/O error"],
])("kvErrorText() of %j is %j", (message, text) => {
  assert.equal(kvErrorText(new TypeError(message)), text);
});
