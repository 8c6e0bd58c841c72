import assert from "node:assert/strict";
import type { AppCredentials } from "../../../src/ports/feishu.ts";
import { Secret } from "../../../src/secret.ts";
import { appSecretKeyring } from "../../../src/store/sealing/keyring.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";
import { APP } from "../samples.ts";
import { testAppKeys, testKey, testKeyring } from "../test_keys.ts";

const CONTEXT = { place: "feishu-token/lease/app/x", part: "head" } as const;

Deno.test("serverKeyring() serves every app with the same keys", async () => {
  const keyring = await testKeyring();
  assert.equal(await keyring.keysFor(APP), keyring.shared);
});

Deno.test("serverKeyring() seals with the first key and opens with all", async () => {
  const old = await testAppKeys([testKey("k1", 1)]);
  const rotated = await testAppKeys([testKey("k2", 2), testKey("k1", 1)]);
  const sealed = await old.sealer.seal("value", CONTEXT);
  assert.equal(rotated.sealer.keyId, "k2");
  assert.equal(await rotated.openers.get("k1")?.open(sealed, CONTEXT), "value");
});

Deno.test("hash() depends on the name key and on nothing else, so that rotating a key renames nothing", async () => {
  const one = await testAppKeys([testKey("k1", 1)], 9);
  const rotated = await testAppKeys([testKey("k2", 2)], 9);
  const other = await testAppKeys([testKey("k1", 1)], 8);
  assert.match(await one.hash("text"), /^[A-Za-z0-9_-]{22}$/);
  assert.equal(await one.hash("text"), await rotated.hash("text"));
  assert.notEqual(await one.hash("text"), await other.hash("text"));
  assert.notEqual(await one.hash("text"), await one.hash("texts"));
});

Deno.test("storeId() tells stores apart, and survives a rotation of the key", async () => {
  const id = await (await testAppKeys([testKey("k1", 1)], 9)).storeId();
  assert.equal(await (await testAppKeys([testKey("k2", 2)], 9)).storeId(), id);
  assert.notEqual(await (await testAppKeys([testKey("k1", 1)], 8)).storeId(), id);
});

Deno.test("appSecretKeyring() opens nothing without an app", () => {
  const keyring = appSecretKeyring(TEST_RANDOM);
  assert.equal(keyring.shared, null);
  assert.equal(keyring.source, "app_secret");
});

Deno.test("appSecretKeyring() derives the same keys from the same secret, in any process", async () => {
  const copy: AppCredentials = { ...APP };
  const one = await appSecretKeyring(TEST_RANDOM).keysFor(APP);
  const same = await appSecretKeyring(TEST_RANDOM).keysFor(copy);
  assert.equal(await one.hash("text"), await same.hash("text"));
  const sealed = await one.sealer.seal("value", CONTEXT);
  assert.equal(await same.sealer.open(sealed, CONTEXT), "value");
});

Deno.test.each<[string, AppCredentials]>([
  ["secret", { ...APP, appSecret: new Secret("another") }],
  ["app id", { ...APP, appId: "cli_another" }],
  ["brand", { ...APP, brand: "lark" }],
])("appSecretKeyring() shares neither names nor keys with another %s", async (_name, other) => {
  const keyring = appSecretKeyring(TEST_RANDOM);
  const ours = await keyring.keysFor(APP);
  const theirs = await keyring.keysFor(other);
  assert.notEqual(await ours.hash("text"), await theirs.hash("text"));
  await assert.rejects(theirs.sealer.open(await ours.sealer.seal("value", CONTEXT), CONTEXT));
});
