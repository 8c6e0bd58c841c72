import assert from "node:assert/strict";
import type { AppCredentials } from "../../../src/ports/feishu.ts";
import { Secret } from "../../../src/secret.ts";
import { keyedFingerprints } from "../../../src/store/sealing/keyed_fingerprints.ts";
import { APP } from "../samples.ts";
import { testKeyring } from "../test_keys.ts";

const TOKEN = new Secret("ur-some-token");

Deno.test("ofToken() is the same for the same token of the same app, and shows nothing of it", async () => {
  const fingerprints = keyedFingerprints(await testKeyring());
  const fingerprint = await fingerprints.ofToken(APP, TOKEN);
  assert.match(fingerprint, /^[A-Za-z0-9_-]{22}$/);
  assert.equal(await fingerprints.ofToken({ ...APP }, new Secret(TOKEN.reveal())), fingerprint);
});

Deno.test.each<[string, AppCredentials, Secret]>([
  ["another token", APP, new Secret("ur-another-token")],
  ["another app", { ...APP, appId: "cli_another" }, TOKEN],
  ["another brand", { ...APP, brand: "lark" }, TOKEN],
])("ofToken() differs for %s", async (_name, credentials, token) => {
  const fingerprints = keyedFingerprints(await testKeyring());
  assert.notEqual(await fingerprints.ofToken(credentials, token), await fingerprints.ofToken(APP, TOKEN));
});

Deno.test("ofToken() is worthless in another store", async () => {
  const here = keyedFingerprints(await testKeyring(undefined, 9));
  const there = keyedFingerprints(await testKeyring(undefined, 8));
  assert.notEqual(await here.ofToken(APP, TOKEN), await there.ofToken(APP, TOKEN));
});

Deno.test("ofAppSecret() differs for another secret, and from a token of the same text", async () => {
  const fingerprints = keyedFingerprints(await testKeyring());
  const fingerprint = await fingerprints.ofAppSecret(APP);
  assert.equal(await fingerprints.ofAppSecret({ ...APP }), fingerprint);
  assert.notEqual(await fingerprints.ofAppSecret({ ...APP, appSecret: new Secret("other") }), fingerprint);
  assert.notEqual(await fingerprints.ofToken(APP, APP.appSecret), fingerprint);
});
