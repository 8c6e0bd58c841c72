import assert from "node:assert/strict";
import { utf8 } from "../../../src/store/files/bytes.ts";
import { type SealContext, Sealer } from "../../../src/store/sealing/sealer.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";
import { testKey } from "../test_keys.ts";

const CONTEXT: SealContext = { place: "feishu-token/token/caller/abc", part: "body" };
const VALUE = { token: "u-planted-in-a-seal" };

function sealer(id = "k1", byte = 1): Promise<Sealer> {
  return Sealer.create(testKey(id, byte), TEST_RANDOM);
}

Deno.test("open() gives back what seal() took", async () => {
  const sealed = await (await sealer()).seal(VALUE, CONTEXT);
  assert.deepEqual(await (await sealer()).open(sealed, CONTEXT), VALUE);
});

Deno.test("seal() gives other bytes each time, and none that show the value", async () => {
  const one = await (await sealer()).seal(VALUE, CONTEXT);
  const other = await (await sealer()).seal(VALUE, CONTEXT);
  assert.notDeepEqual(one, other);
  assert(!new TextDecoder("latin1").decode(one).includes("planted"));
});

Deno.test.each<[string, string, number, SealContext]>([
  ["another key", "k1", 2, CONTEXT],
  ["the same key under another id", "k2", 1, CONTEXT],
  ["another place", "k1", 1, { ...CONTEXT, place: "feishu-token/token/caller/abd" }],
  ["another part", "k1", 1, { ...CONTEXT, part: "head" }],
])("open() throws with %s", async (_name, id, byte, context) => {
  const sealed = await (await sealer()).seal(VALUE, CONTEXT);
  await assert.rejects((await sealer(id, byte)).open(sealed, context));
});

Deno.test("open() throws when any byte was changed", async () => {
  const own = await sealer();
  const sealed = await own.seal(VALUE, CONTEXT);
  for (let index = 0; index < sealed.length; index++) {
    const changed = sealed.slice();
    changed[index] = (changed[index] ?? 0) ^ 1;
    await assert.rejects(own.open(changed, CONTEXT), `byte ${index}`);
  }
});

Deno.test("open() throws when the bytes are too few to be a seal", async () => {
  await assert.rejects((await sealer()).open(new Uint8Array(5), CONTEXT));
});

Deno.test("open() opens what also needs a token with that token alone", async () => {
  const own = await sealer();
  const sealed = await own.seal(VALUE, CONTEXT, utf8("ur-presented"));
  assert.deepEqual(await own.open(sealed, CONTEXT, utf8("ur-presented")), VALUE);
  await assert.rejects(own.open(sealed, CONTEXT, utf8("ur-presentee")));
  await assert.rejects(own.open(sealed, CONTEXT));
  await assert.rejects((await sealer("k1", 2)).open(sealed, CONTEXT, utf8("ur-presented")));
});
