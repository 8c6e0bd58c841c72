import assert from "node:assert/strict";
import { failWith } from "../../../src/cli/doctor/check.ts";

Deno.test.each([
  ["HOME is not set: name a place", "HOME is not set", "Name a place."],
  [
    "A: b; set C (or restore D) to it; nothing was overwritten",
    "A: b",
    "Set C (or restore D) to it; nothing was overwritten.",
  ],
  ["It cannot be opened: unknown cause", "It cannot be opened: unknown cause", undefined],
])("failWith() parts what is wrong from what to do: %j", (message, found, nextStep) => {
  const check = failWith("store", message);
  assert.deepEqual([check.found, check.next_step], [found, nextStep]);
});
