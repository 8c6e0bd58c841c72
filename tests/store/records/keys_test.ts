import assert from "node:assert/strict";
import type { RecordName } from "../../../src/ports/store.ts";
import { Secret } from "../../../src/secret.ts";
import { placeOf, placesOf, probeKey, SCHEMA_KEY, slotKey } from "../../../src/store/records/keys.ts";
import { KEY_ROOT } from "../../../src/store/kv/key_root.ts";
import { APP, APP_NAME, callerName, PLANTED } from "../samples.ts";
import { testAppKeys } from "../test_keys.ts";

Deno.test("placeOf() is the same for the same name, whatever the secret: a reset secret loses nothing", async () => {
  const keys = await testAppKeys();
  const reset: RecordName = { kind: "app", credentials: { ...APP, appSecret: new Secret("reset") } };
  assert.deepEqual(await placeOf(reset, keys), await placeOf(APP_NAME, keys));
});

Deno.test("placeOf() takes the brand that records are named by, where that is another", async () => {
  const keys = await testAppKeys();
  const name = callerName();
  const renamed: RecordName = {
    ...name,
    credentials: { ...APP, brand: "lark", recordBrand: APP.brand },
  };
  assert.deepEqual(await placesOf(renamed, keys), await placesOf(name, keys));
});

Deno.test.each<[string, RecordName]>([
  ["another kind", { ...callerName(), kind: "app" }],
  ["another token", callerName("ur-another")],
  ["another app", { ...callerName(), credentials: { ...APP, appId: "cli_other" } }],
  ["another brand", { ...callerName(), credentials: { ...APP, brand: "lark" } }],
  ["no token", { kind: "caller", credentials: APP }],
])("placeOf() differs for %s", async (_name, other) => {
  const keys = await testAppKeys();
  assert.notEqual((await placeOf(other, keys)).hash, (await placeOf(callerName(), keys)).hash);
});

Deno.test("placeOf() cannot be made to meet another app's record by the text of a token", async () => {
  const keys = await testAppKeys();
  const one = await placeOf({ ...callerName('b"]'), credentials: { ...APP, appId: "a" } }, keys);
  const other = await placeOf({ ...callerName('"]'), credentials: { ...APP, appId: 'a","b' } }, keys);
  assert.notEqual(one.hash, other.hash);
});

Deno.test("slotKey() shows the slot and the kind, and no id or token", async () => {
  const key = slotKey("lease", await placeOf(callerName(), await testAppKeys()));
  assert.deepEqual(key.slice(0, 3), [KEY_ROOT, "lease", "caller"]);
  assert.match(String(key[3]), /^[A-Za-z0-9_-]{22}$/);
  const text = key.join("/");
  for (const planted of Object.values(PLANTED)) assert(!text.includes(planted));
});

Deno.test("every key stands under the program's own root", async () => {
  const place = await placeOf(APP_NAME, await testAppKeys());
  for (const key of [SCHEMA_KEY, probeKey("owner"), slotKey("token", place)]) {
    assert.equal(key[0], "feishu-token");
  }
});
