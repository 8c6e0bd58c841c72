import assert from "node:assert/strict";
import { readLogId } from "../../src/feishu/log_id.ts";

Deno.test("`readLogId()` prefers the header when the body has one too", () => {
  const headers = new Headers({ "X-Tt-Logid": "20260102-a" });
  assert.equal(readLogId(headers, { error: { log_id: "other" } }), "20260102-a");
});

Deno.test("`readLogId()` reads the error envelope when there is no header", () => {
  assert.equal(readLogId(new Headers(), { error: { log_id: "2026ABC" } }), "2026ABC");
});

Deno.test.each(["a b", "", "x".repeat(129), "id\u0007", '{"a":1}'])(
  "`readLogId()` leaves out %j",
  (logId) => {
    assert.equal(readLogId(new Headers(), { log_id: logId }), undefined);
  },
);
