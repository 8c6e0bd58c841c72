import assert from "node:assert/strict";
import { nearest } from "../../../src/cli/command_line/nearest.ts";

Deno.test.each(
  [
    ["sandbox", "sandbox"],
    ["sanbox", "sandbox"],
    ["dmeo", "demo"],
    ["kb", "kv"],
    ["x", undefined],
    ["quite-different", undefined],
    ["", undefined],
  ] as const,
)("nearest() of %j is %j", (word, expected) => {
  assert.equal(nearest(word, ["demo", "kv", "sandbox"]), expected);
});

Deno.test("nearest() finds nothing when nothing is known", () => {
  assert.equal(nearest("demo", []), undefined);
});
