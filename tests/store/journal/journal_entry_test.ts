import assert from "node:assert/strict";
import { decodeEntry, encodeEntry, type JournalEntry } from "../../../src/store/journal/journal_entry.ts";

const ENTRY: JournalEntry = {
  store: "store-1",
  place: { kind: "caller", hash: "a-hash" },
  value: { v: 1, kid: "k1", head: new Uint8Array([1, 2, 255]), body: new Uint8Array([0, 250]) },
};

Deno.test("decodeEntry() gives back what encodeEntry() took", () => {
  assert.deepEqual(decodeEntry(encodeEntry(ENTRY)), ENTRY);
});

Deno.test("decodeEntry() is null for a file that was torn anywhere", () => {
  const text = encodeEntry(ENTRY);
  for (let length = 0; length < text.length; length++) {
    assert.equal(decodeEntry(text.slice(0, length)), null);
  }
});

Deno.test.each([
  ["of another version", encodeEntry(ENTRY).replace('"v":1', '"v":2')],
  ["of another kind", encodeEntry(ENTRY).replace("caller", "tenant")],
  ["without a store", encodeEntry(ENTRY).replace('"store"', '"shop"')],
  ["not base64", encodeEntry(ENTRY).replace(/"head":"[^"]*"/, '"head":"*"')],
  ["null", "null"],
])("decodeEntry() is null for a file that is %s", (_name, text) => {
  assert.equal(decodeEntry(text), null);
});

Deno.test("encodeEntry() writes the pair of a login as another version, which a program without logins leaves alone", () => {
  const entry: JournalEntry = { ...ENTRY, place: { kind: "login", hash: "a-hash" } };
  const text = encodeEntry(entry);
  assert.match(text, /"v":2/);
  assert.deepEqual(decodeEntry(text), entry);
  assert.equal(decodeEntry(text.replace('"v":2', '"v":1')), null);
});
