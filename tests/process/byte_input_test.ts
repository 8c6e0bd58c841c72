import assert from "node:assert/strict";
import { ByteInput } from "../../src/process/byte_input.ts";

Deno.test("ByteInput gives what was read, in no more memory than that, and null at the end", async () => {
  const bytes: (number | null)[] = [7, 8, null];
  const input = new ByteInput((buffer) => {
    const byte = bytes.shift() ?? null;
    if (byte !== null) buffer[0] = byte;
    return Promise.resolve(byte === null ? null : 1);
  });
  const [first, second, end] = [await input.read(), await input.read(), await input.read()];
  assert.deepEqual([[...first ?? []], [...second ?? []], end], [[7], [8], null]);
  // An unfinished line that comes byte by byte keeps each of its parts.
  assert.equal(first?.buffer.byteLength, 1);
});
