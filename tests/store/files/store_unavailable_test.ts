import assert from "node:assert/strict";
import { storeUnavailable } from "../../../src/store/files/store_unavailable.ts";

Deno.test("storeUnavailable() says when to come back, as its next step promises", () => {
  const report = storeUnavailable({ en: "no answer in time", zh: "未能及时响应" }).report();
  assert.match(report.next_step, /Try again in 1 s/);
  assert.equal(report.retry_after_seconds, 1);
  assert.equal(report.message, "The token store does not answer: no answer in time");
});

Deno.test("storeUnavailable() shows nothing of its cause", () => {
  const error = storeUnavailable({ en: "no answer in time", zh: "未能及时响应" }, new Error("planted"));
  assert.doesNotMatch(JSON.stringify(error.report()), /planted/);
  assert.equal((error.cause as Error).message, "planted");
});
