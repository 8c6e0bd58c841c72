import assert from "node:assert/strict";
import { NotingEnds } from "../../../src/store/kv/kv_writes.ts";

const NOW_MS = Date.UTC(2026, 0, 2);
const KEY = ["feishu-token", "token", "caller", "HASH"];
const END_KEY = ["feishu-token", "end", "token", "caller", "HASH"];

Deno.test("set() with an end notes it beside the key and does not tell the database", async () => {
  using kv = await Deno.openKv(":memory:");
  const operation = kv.atomic();
  new NotingEnds(operation, NOW_MS).set(KEY, "value", { expireIn: 0 });
  await operation.commit();
  assert.equal((await kv.get(KEY)).value, "value");
  assert.equal((await kv.get(END_KEY)).value, NOW_MS);
});

Deno.test("set() without an end takes back the one that was noted", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(END_KEY, NOW_MS);
  const operation = kv.atomic();
  new NotingEnds(operation, NOW_MS).set(KEY, "for ever");
  await operation.commit();
  assert.equal((await kv.get(END_KEY)).versionstamp, null);
});

Deno.test("delete() deletes the key and its end", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const key of [KEY, END_KEY]) await kv.set(key, "there");
  const operation = kv.atomic();
  new NotingEnds(operation, NOW_MS).delete(KEY);
  await operation.commit();
  for (const key of [KEY, END_KEY]) assert.equal((await kv.get(key)).versionstamp, null);
});

Deno.test("check() of a noting write is the database's", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(KEY, "there");
  const operation = kv.atomic();
  new NotingEnds(operation, NOW_MS).check({ key: KEY, versionstamp: null }).set(KEY, "other");
  assert.equal((await operation.commit()).ok, false);
});
