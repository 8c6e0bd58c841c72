import assert from "node:assert/strict";
import { readBody } from "../../src/http/body.ts";

const LIMIT_BYTES = 8;

function request(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  return new Request("http://localhost/", { method: "POST", body, headers });
}

function chunks(...texts: string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(texts.map((text) => new TextEncoder().encode(text)));
}

Deno.test("readBody() returns the text when it is within the limit", async () => {
  assert.deepEqual(await readBody(request("12345678"), LIMIT_BYTES), { kind: "text", text: "12345678" });
});

Deno.test("readBody() returns the text when its length is declared", async () => {
  const declared = request("1234", { "content-length": "4" });
  assert.deepEqual(await readBody(declared, LIMIT_BYTES), { kind: "text", text: "1234" });
});

Deno.test("readBody() leaves the body unread when the declared length is over the limit", async () => {
  const declared = request("123456789", { "content-length": "9" });
  assert.deepEqual(await readBody(declared, LIMIT_BYTES), { kind: "too_large" });
  assert.equal(declared.bodyUsed, false);
});

Deno.test("readBody() gives up when undeclared chunks pass the limit", async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller): void {
      pulled += 1;
      controller.enqueue(new Uint8Array(4));
    },
  });
  assert.deepEqual(await readBody(request(endless), LIMIT_BYTES), { kind: "too_large" });
  assert.ok(pulled < 6);
});

Deno.test("readBody() does not believe the declared length when a transfer coding is named", async () => {
  const lying = request(chunks("12345", "67890"), { "content-length": "4", "transfer-encoding": "chunked" });
  assert.deepEqual(await readBody(lying, LIMIT_BYTES), { kind: "too_large" });
});

Deno.test("readBody() puts together a character that two chunks share", async () => {
  const [first, second] = [new Uint8Array([0xe9, 0xa3]), new Uint8Array([0x9e])];
  const split = request(ReadableStream.from([first, second]));
  assert.deepEqual(await readBody(split, LIMIT_BYTES), { kind: "text", text: "飞" });
});

Deno.test("readBody() says broken when the sender fails", async () => {
  const failing = new ReadableStream({
    start(controller): void {
      controller.error(new Error("gone"));
    },
  });
  assert.deepEqual(await readBody(request(failing), LIMIT_BYTES), { kind: "broken" });
});

Deno.test("readBody() returns an empty text when there is no body", async () => {
  assert.deepEqual(await readBody(request(null), LIMIT_BYTES), { kind: "text", text: "" });
});
