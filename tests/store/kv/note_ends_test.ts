import assert from "node:assert/strict";
import { noteEnds } from "../../../src/store/kv/note_ends.ts";

const NOW_MS = Date.UTC(2026, 0, 2);
const KEY = ["feishu-token", "token", "caller", "HASH"];
const END_KEY = ["feishu-token", "end", "token", "caller", "HASH"];

Deno.test("noteEnds() notes the end of a key under a key of its own, and does not tell the database", () => {
  const write = noteEnds({ sets: [{ key: KEY, value: "value", expireIn: 0 }], deadlineMs: 1 }, NOW_MS);
  assert.deepEqual(write, {
    sets: [{ key: KEY, value: "value" }, { key: END_KEY, value: NOW_MS }],
    deletes: [],
    deadlineMs: 1,
  });
});

Deno.test("noteEnds() deletes the end of a key that is written without one", () => {
  const write = noteEnds({ sets: [{ key: KEY, value: "for ever" }], deadlineMs: 1 }, NOW_MS);
  assert.deepEqual(write, { sets: [{ key: KEY, value: "for ever" }], deletes: [END_KEY], deadlineMs: 1 });
});

Deno.test("noteEnds() deletes the end of a key together with the key", () => {
  assert.deepEqual(noteEnds({ deletes: [KEY], deadlineMs: 1 }, NOW_MS).deletes, [KEY, END_KEY]);
});

Deno.test("noteEnds() leaves the checks as they are", () => {
  const checks = [{ key: KEY, versionstamp: null }];
  assert.deepEqual(noteEnds({ checks, deadlineMs: 1 }, NOW_MS).checks, checks);
});
