import assert from "node:assert/strict";
import { createLogId, createRequestId } from "../../src/sandbox/log_id.ts";
import { SeededRandom } from "./seeded_random.ts";

Deno.test("createLogId() starts with the UTC time to the second", () => {
  const logId = createLogId(Date.UTC(2026, 7, 9, 10, 11, 12, 999), new SeededRandom(1));
  assert.match(logId, /^20260809101112[0-9A-F]{20}$/);
});

Deno.test("createLogId() differs within one second", () => {
  const random = new SeededRandom(1);
  assert.notEqual(createLogId(0, random), createLogId(0, random));
});

Deno.test("createRequestId() gives a random UUID", () => {
  assert.match(
    createRequestId(new SeededRandom(1)),
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
