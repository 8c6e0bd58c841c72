import assert from "node:assert/strict";
import { JsonAnswer } from "../../src/http/json_answer.ts";
import { applySecurityHeaders } from "../../src/http/security/security_headers.ts";

const ID = "0123456789ab";

Deno.test("toResponse() carries what every other answer carries", async () => {
  const response = new JsonAnswer('{"a":1}').toResponse(ID);
  const other = applySecurityHeaders(Response.json({ a: 1 }), ID);
  assert.deepEqual([...response.headers], [...other.headers]);
  assert.deepEqual([response.status, await response.text()], [200, '{"a":1}']);
});

Deno.test("toResponse() has a head that makes Deno send it and the body of a call in one write", () => {
  // Deno 2.9 starts with a buffer of 512 bytes for the head, doubles it for a longer one, and adds a body that fits.
  const { headers } = new JsonAnswer("{}").toResponse(ID);
  const fields = [...headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  const rest = "HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\ncontent-length: 300\r\n\r\n".length;
  assert.ok(fields + rest > 512, `the head has ${fields + rest} bytes`);
});
