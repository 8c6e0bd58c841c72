import assert from "node:assert/strict";
import { acceptsJson } from "../../src/http/accepts_json.ts";

Deno.test.each([
  null,
  "",
  " , ",
  "*/*",
  "application/json",
  "APPLICATION/JSON",
  "application/*",
  "application/json, text/event-stream",
  "text/event-stream,application/json",
  "text/event-stream, */*;q=0.1",
  "application/json; charset=utf-8",
  "application/json;version=1;q=0, application/json",
  'text/plain; title="a, b/c", application/json',
  "application/json;q=0.001",
  "application/*;q=0, application/json;q=0.5",
  "*/*;q=0, application/*",
  "application/json ; Q=1.0",
  "application/json;q=planted",
  "json",
])("acceptsJson() lets JSON pass for %j", (accept) => {
  assert.equal(acceptsJson(accept), true);
});

Deno.test.each([
  "text/event-stream",
  "text/html, text/*",
  "application/xml",
  "application/jsonp",
  "application/json+ld",
  "text/json",
  "application/json;q=0",
  "application/json; q=0.000, */*",
  "application/*;q=0, */*;q=1",
  "*/*;q=0",
  'text/plain; title="application/json"',
  'text/plain; title="\\", application/json"',
])("acceptsJson() sees that JSON is excluded by %j", (accept) => {
  assert.equal(acceptsJson(accept), false);
});

Deno.test("acceptsJson() reads a list of any length in time", () => {
  assert.equal(acceptsJson('"'.repeat(100_000)), true);
  assert.equal(acceptsJson("a/b;".repeat(50_000) + ",".repeat(50_000)), false);
});
