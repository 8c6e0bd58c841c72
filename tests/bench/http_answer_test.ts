import assert from "node:assert/strict";
import { parseHttpAnswer } from "../../bench/renewal/http_answer.ts";

const ANSWER = "HTTP/1.1 202 Accepted\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello";

Deno.test("parseHttpAnswer() gives status and body", () => {
  assert.deepEqual(parseHttpAnswer(ANSWER), { status: 202, body: "hello" });
});

Deno.test("parseHttpAnswer() is null until the last byte has come", () => {
  for (let length = 0; length < ANSWER.length; length++) {
    assert.equal(parseHttpAnswer(ANSWER.slice(0, length)), null, `${length} bytes`);
  }
});

Deno.test("parseHttpAnswer() throws when the answer does not tell its length", () => {
  const chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";
  assert.throws(() => parseHttpAnswer(chunked), /unknown length/);
});
