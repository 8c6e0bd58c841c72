import assert from "node:assert/strict";
import { createRequestIds } from "../../src/http/request_ids.ts";

const BLOCK = 0x10000;

/** Gives out the bytes of `first`, then those of `first` + 1, and so on. */
function countingRandom(
  first: number,
): { bytes(length: number): Uint8Array<ArrayBuffer>; fraction(): number } {
  let next = first;
  return {
    bytes: (length) => Uint8Array.fromHex((next++).toString(16).padStart(length * 2, "0")),
    fraction: () => 0,
  };
}

Deno.test("createRequestIds() makes 12 hexadecimal digits, all different, over more than one random beginning", () => {
  const newRequestId = createRequestIds(countingRandom(0xabcdef01fff0));
  const ids = Array.from({ length: BLOCK + 100 }, newRequestId);
  assert.equal(ids.find((id) => !/^[0-9a-f]{12}$/.test(id)), undefined);
  assert.equal(new Set(ids.slice(0, BLOCK)).size, BLOCK);
});

Deno.test("createRequestIds() takes a new random beginning before an id would come again", () => {
  const beginnings = [0xaaaaaaaa0000, 0xbbbbbbbb0000];
  const newRequestId = createRequestIds({
    bytes: () => Uint8Array.fromHex((beginnings.shift() ?? 0).toString(16)),
    fraction: () => 0,
  });
  const ids = Array.from({ length: BLOCK + 1 }, newRequestId);
  assert.deepEqual([ids[0], ids[BLOCK - 1], ids[BLOCK]], ["aaaaaaaa0001", "aaaaaaaa0000", "bbbbbbbb0001"]);
});

Deno.test("createRequestIds() makes other ids in another process", () => {
  const random = {
    bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
    fraction: () => 0,
  };
  assert.notEqual(createRequestIds(random)().slice(0, 8), createRequestIds(random)().slice(0, 8));
});
