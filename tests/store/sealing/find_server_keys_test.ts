import assert from "node:assert/strict";
import { Secret } from "../../../src/secret.ts";
import { findServerKeys, type KeySearch } from "../../../src/store/sealing/find_server_keys.ts";
import type { StorePlace } from "../../../src/store/files/store_place.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";

const GIVEN = new Secret(`k1:${new Uint8Array(32).fill(1).toBase64()}`);

function searchOf(place: StorePlace, more: Partial<KeySearch> = {}): KeySearch {
  return { place, madeWith: null, os: Deno.build.os, random: TEST_RANDOM, ...more };
}

Deno.test.each<StorePlace>([
  { kind: "memory" },
  { kind: "file", path: "/nowhere/tokens.kv" },
  { kind: "remote", url: "https://kv.example" },
  { kind: "platform" },
])("findServerKeys() takes FEISHU_TOKEN_KEY for every place: %j", async (place) => {
  const { source, keys } = await findServerKeys(searchOf(place, { serverKey: GIVEN }));
  assert.equal(source, "environment");
  assert.deepEqual(keys?.map(({ id }) => id), ["k1"]);
});

Deno.test("findServerKeys() makes a key file beside a new store, and finds it again", async () => {
  await using folder = await TempFolder.make();
  const place = { kind: "file", path: `${folder.path}/tokens.kv` } as const;
  const made = await findServerKeys(searchOf(place));
  assert.equal(made.source, "file");
  const [key] = made.keys ?? [];
  assert.deepEqual(await findServerKeys(searchOf(place, { madeWith: key?.id ?? "" })), made);
});

Deno.test("findServerKeys() makes no key for a store that has one: it names the one that is missing", async () => {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/tokens.kv`;
  await assert.rejects(findServerKeys(searchOf({ kind: "file", path }, { madeWith: "k7" })), {
    name: "StartError",
    message:
      `The token store was made with the key "k7", and there is no key file ${path}.key: restore it, or set ` +
      "FEISHU_TOKEN_KEY to that key; nothing was overwritten",
  });
  assert.deepEqual(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("findServerKeys() makes another key for each store in memory", async () => {
  const one = await findServerKeys(searchOf({ kind: "memory" }));
  const other = await findServerKeys(searchOf({ kind: "memory" }));
  assert.equal(one.source, "memory");
  assert.notDeepEqual(one.keys?.[0].bytes, other.keys?.[0].bytes);
});

Deno.test.each<StorePlace>([{ kind: "remote", url: "https://kv.example" }, { kind: "platform" }])(
  "findServerKeys() leaves it to each app's secret where nothing else is: %j",
  async (place) => {
    assert.deepEqual(await findServerKeys(searchOf(place)), { source: "app_secret", keys: null });
  },
);
