import assert from "node:assert/strict";
import { Secret } from "../../../src/secret.ts";
import {
  keyBytes,
  parseServerKeys,
  randomServerKey,
  serverKey,
} from "../../../src/store/sealing/server_key.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";

const BYTES = Uint8Array.from({ length: 32 }, (_, index) => 251 - index);
const BASE64 = BYTES.toBase64();
const OTHER = new Uint8Array(32).fill(3).toBase64();

Deno.test.each([
  ["base64", BASE64],
  ["base64url", BYTES.toBase64({ alphabet: "base64url", omitPadding: true })],
  ["hexadecimal", BYTES.toHex()],
  ["upper-case hexadecimal", BYTES.toHex().toUpperCase()],
  ["base64 with blanks around it", `  ${BASE64}\n`],
])("parseServerKeys() reads a key in %s", async (_name, text) => {
  const [key, ...rest] = await parseServerKeys(new Secret(text));
  assert.deepEqual(key.bytes, BYTES);
  assert.deepEqual(rest, []);
});

Deno.test("parseServerKeys() names a key without an id after itself, the same each time", async () => {
  const [one] = await parseServerKeys(new Secret(BASE64));
  const [same] = await parseServerKeys(new Secret(BYTES.toHex()));
  const [other] = await parseServerKeys(new Secret(OTHER));
  assert.match(one.id, /^[A-Za-z0-9_-]{8}$/);
  assert.equal(one.id, same.id);
  assert.notEqual(one.id, other.id);
});

Deno.test("parseServerKeys() keeps several keys in their order", async () => {
  const keys = await parseServerKeys(new Secret(`k2:${OTHER}, k1:${BASE64}`));
  assert.deepEqual(keys.map(({ id }) => id), ["k2", "k1"]);
});

Deno.test.each<[string, string, RegExp]>([
  ["a short key", "c2hvcnQ=", /^FEISHU_TOKEN_KEY: key 1 is not 32 bytes .*openssl rand -base64 32/],
  ["a passphrase", "correct horse battery staple", /^FEISHU_TOKEN_KEY: key 1 is not 32 bytes/],
  ["nothing after a comma", `${BASE64},`, /^FEISHU_TOKEN_KEY: key 2 is not 32 bytes/],
  ["an id alone", "k1:", /^FEISHU_TOKEN_KEY: key 1 is not 32 bytes/],
  ["an empty id", `:${BASE64}`, /^FEISHU_TOKEN_KEY: the id of key 1 is not 1 to 32 letters/],
  ["a bad id", `${OTHER},a b:${BASE64}`, /^FEISHU_TOKEN_KEY: the id of key 2 is not 1 to 32 letters/],
  [
    "an id twice",
    `k1:${OTHER},k1:${BASE64}`,
    /^FEISHU_TOKEN_KEY: the key id "k1" appears twice; give each key an id of its own$/,
  ],
  ["a key twice", `${BASE64},${BASE64}`, /^FEISHU_TOKEN_KEY: the key id ".{8}" appears twice; give/],
])("parseServerKeys() refuses %s in one line without the value", async (_name, text, message) => {
  await assert.rejects(parseServerKeys(new Secret(text)), (error: Error) => {
    assert.equal(error.name, "StartError");
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\n/);
    for (const part of text.split(/[,:]/).filter((each) => each.length > 8)) {
      assert(!error.message.includes(part));
    }
    return true;
  });
});

Deno.test("randomServerKey() makes another key each time, under the id it would be read with", async () => {
  const one = await randomServerKey(TEST_RANDOM);
  const other = await randomServerKey(TEST_RANDOM);
  assert.notDeepEqual(one.bytes, other.bytes);
  assert.equal((await serverKey(one.bytes)).id, one.id);
});

Deno.test.each(["", "AAAA", "zz".repeat(32), "f".repeat(63)])("keyBytes() of %j is null", (text) => {
  assert.equal(keyBytes(text), null);
});
