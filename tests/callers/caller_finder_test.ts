import assert from "node:assert/strict";
import { timingSafeEqual } from "node:crypto";
import { createCallerFinder, type DigestComparison } from "../../src/callers/caller_finder.ts";
import type { CallerKey } from "../../src/callers/read_caller_keys.ts";
import { Secret } from "../../src/secret.ts";

function key(name: string, character: string): CallerKey {
  return { name, key: new Secret(character.repeat(32)) };
}

const KEYS = [key("alice", "a"), key("bob", "b"), key("bob", "c")];

Deno.test.each([
  ["a".repeat(32), "alice"],
  ["b".repeat(32), "bob"],
  ["c".repeat(32), "bob"],
  ["d".repeat(32), undefined],
  ["a".repeat(31), undefined],
  ["a".repeat(33), undefined],
  ["A".repeat(32), undefined],
  ["", undefined],
  ["a".repeat(1_000_000), undefined],
])("createCallerFinder() finds whose key it is: %#", async (presented, expected) => {
  const find = await createCallerFinder(KEYS);
  assert.equal(find(presented), expected);
});

Deno.test("createCallerFinder() compares digests of one length, and with all keys, whichever is right", async () => {
  const find = await createCallerFinder(KEYS, spied());
  for (const presented of ["a".repeat(32), "c".repeat(32), "", "x".repeat(5_000)]) {
    compared.length = 0;
    find(presented);
    assert.deepEqual(compared, KEYS.map(() => [32, 32]));
  }
});

const compared: (readonly [number, number])[] = [];

/** Records what is compared: a digest of 32 bytes, here the length of the text and what it begins with. */
function spied(): DigestComparison {
  return {
    digest(text): Uint8Array {
      const bytes = new Uint8Array(32);
      new TextEncoder().encodeInto(`${text.length} ${text}`, bytes);
      return bytes;
    },
    isEqual(one, other): boolean {
      compared.push([one.length, other.length]);
      return timingSafeEqual(one, other);
    },
  };
}
