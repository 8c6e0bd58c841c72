import assert from "node:assert/strict";
import { LruMap } from "../../src/concurrency/lru_map.ts";

Deno.test("LruMap forgets the least recently used entry beyond its capacity", () => {
  const map = new LruMap<number>(2);
  map.set("a", 1);
  map.set("b", 2);
  assert.equal(map.get("a"), 1);
  map.set("c", 3);
  assert.deepEqual([map.get("a"), map.get("b"), map.get("c")], [1, undefined, 3]);
  assert.equal(map.size, 2);
});

Deno.test("LruMap replaces a value without growing", () => {
  const map = new LruMap<number>(2);
  map.set("a", 1);
  map.set("a", 2);
  assert.deepEqual([map.get("a"), map.size], [2, 1]);
  map.delete("a");
  assert.deepEqual([map.get("a"), map.size], [undefined, 0]);
});

Deno.test("LruMap forgets in the order of use, however often the newest entry is used", () => {
  const map = new LruMap<number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.get("b");
  map.get("b");
  map.get("a");
  map.set("c", 3);
  assert.deepEqual(map.entries(), [["a", 1], ["c", 3]]);
  map.delete("c");
  map.set("d", 4);
  map.get("a");
  map.set("e", 5);
  assert.deepEqual(map.entries(), [["a", 1], ["e", 5]]);
});
