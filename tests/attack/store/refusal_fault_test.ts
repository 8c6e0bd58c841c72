import assert from "node:assert/strict";
import { refusalFault } from "../../../attack/store/refusal_fault.ts";

const LINE = "feishu-token-mcp: Cannot read the key file /a/tokens.kv.key: it is no regular file\n";

Deno.test("refusalFault() has nothing against a line that says what is wrong and where", () => {
  assert.equal(refusalFault(LINE), null);
  assert.equal(refusalFault(`{"level":"info"}\n${LINE}`, ".key"), null);
});

Deno.test.each([
  ["", /without a clear line/],
  ["error: Uncaught (in promise) TypeError: x\n    at ext:x.js:1:1\n", /without a clear line/],
  [`${LINE}    at open (file:///a.ts:1:1)\n`, /without a clear line/],
  ["feishu-token-mcp: no\n", /without a clear line/],
  ["feishu-token-mcp: Cannot read undefined: an error\n", /without a clear line/],
])("refusalFault() says of %j what is wrong", (stderr, fault) => {
  assert.match(refusalFault(stderr) ?? "", fault);
});

Deno.test("refusalFault() wants the file to be named", () => {
  assert.match(refusalFault(LINE, ".journal") ?? "", /does not name \.journal/);
});
