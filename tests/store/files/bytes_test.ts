import assert from "node:assert/strict";
import { base64url, fromBase64, fromUtf8, utf8 } from "../../../src/store/files/bytes.ts";

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, index) => index);

Deno.test("base64url() uses no padding and no character that means something in a file name", () => {
  assert.equal(base64url(new Uint8Array([0xfb, 0xff, 0xfe, 0xff])), "-__-_w");
});

Deno.test("base64url() takes values of any length", () => {
  const long = new Uint8Array(200_000).fill(7);
  assert.deepEqual(fromBase64(base64url(long)), long);
});

Deno.test.each([["base64", EVERY_BYTE.toBase64()], ["base64url", base64url(EVERY_BYTE)]])(
  "fromBase64() reads %s",
  (_name, text) => {
    assert.deepEqual(fromBase64(text), EVERY_BYTE);
  },
);

Deno.test("fromBase64() throws when the text is no base64", () => {
  assert.throws(() => fromBase64("not*base64"), SyntaxError);
});

Deno.test("fromUtf8() gives back what utf8() took", () => {
  assert.equal(fromUtf8(utf8("飞书 – token")), "飞书 – token");
});

Deno.test("fromUtf8() throws when the bytes are no UTF-8", () => {
  assert.throws(() => fromUtf8(new Uint8Array([0xff])), TypeError);
});
