import assert from "node:assert/strict";
import { readLogId } from "../../src/feishu/read_log_id.ts";

Deno.test("`readLogId()` prefers the header when the body has one too", () => {
  const headers = new Headers({ "X-Tt-Logid": "20260102-a" });
  assert.equal(readLogId(headers, { error: { log_id: "other" } }), "20260102-a");
});

Deno.test.each(["20261123034150400C0E8784CE662DD0ED", "2f1c9f0e-7c55-4b8e-9d3a-0a4f3e6d5c21"])(
  "`readLogId()` takes what looks like one of Feishu's ids: %s",
  (logId) => {
    assert.equal(readLogId(new Headers({ "X-Tt-Logid": logId }), {}), logId);
  },
);

Deno.test("`readLogId()` reads the error envelope when there is no header", () => {
  assert.equal(readLogId(new Headers(), { error: { log_id: "2026ABC" } }), "2026ABC");
});

Deno.test.each([
  "a b",
  "",
  "x".repeat(129),
  "id\u0007",
  '{"a":1}',
  "t-g1044BTXACDUZJ34JL2XHSORBWVIE3BTZ",
  "dskLLdkasdKK0Fj2hPqAqVxT8uWm1nZc",
])(
  "`readLogId()` leaves out %j",
  (logId) => {
    assert.equal(readLogId(new Headers(), { log_id: logId }), undefined);
  },
);
