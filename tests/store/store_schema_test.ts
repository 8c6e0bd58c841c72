import assert from "node:assert/strict";
import { SCHEMA_KEY } from "../../src/store/records/keys.ts";
import { DenoKv } from "../../src/store/kv/deno_kv.ts";
import { OneHandle } from "../../src/store/kv/kv_database.ts";
import { openSchema, readSchema, SCHEMA_VERSION } from "../../src/store/store_schema.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { TEST_RANDOM } from "../support/test_random.ts";
import { FaultyKv } from "./kv/faulty_kv.ts";
import { testKey } from "./test_keys.ts";

const K1 = testKey("k1", 1);
const K2 = testKey("k2", 2);

/** A real database in memory, with its schema record at hand. */
class World implements Disposable {
  readonly faulty: FaultyKv;
  readonly calls: DenoKv;

  private constructor(kv: Deno.Kv) {
    this.faulty = new FaultyKv(kv);
    const [clock, log] = [new ManualClock(), new RecordingLog()];
    this.calls = new DenoKv({ database: new OneHandle(this.faulty.kv), clock, random: TEST_RANDOM, log });
  }

  static async make(stored?: unknown): Promise<World> {
    const kv = await Deno.openKv(":memory:");
    if (stored !== undefined) await kv.set(SCHEMA_KEY, stored);
    return new World(kv);
  }

  open(...keys: Parameters<typeof openSchema>[1] & object): Promise<Uint8Array | null> {
    return openSchema(this.calls, keys, TEST_RANDOM).then(({ nameKey }) => nameKey);
  }

  entry(): Promise<Deno.KvEntryMaybe<{ names?: { kid: string } }>> {
    return this.faulty.kv.get(SCHEMA_KEY);
  }

  [Symbol.dispose](): void {
    this.faulty.kv.close();
  }
}

Deno.test("openSchema() gives a new store a name key of its own", async () => {
  using one = await World.make();
  using other = await World.make();
  const nameKey = await one.open(K1);
  assert.equal(nameKey?.length, 32);
  assert.notDeepEqual(nameKey, await other.open(K1));
});

Deno.test("openSchema() gives the same name key at each start, and writes nothing then", async () => {
  using world = await World.make();
  const nameKey = await world.open(K1);
  const { versionstamp } = await world.entry();
  assert.deepEqual(await world.open(K1), nameKey);
  assert.equal((await world.entry()).versionstamp, versionstamp);
});

Deno.test("openSchema() makes processes that start at once agree", async () => {
  using world = await World.make();
  const nameKeys = await Promise.all(Array.from({ length: 4 }, () => world.open(K1)));
  assert.equal(new Set(nameKeys.map((key) => key?.toHex())).size, 1);
});

Deno.test("openSchema() looks again when its first write had no clear outcome", async () => {
  using world = await World.make();
  world.faulty.commits.push("broken");
  assert.equal((await world.open(K1))?.length, 32);
});

Deno.test("openSchema() throws one line when the store cannot be written", async () => {
  using world = await World.make();
  world.faulty.commits.push("broken", "broken", "broken", "broken", "broken");
  await assert.rejects(world.open(K1), {
    name: "StartError",
    message: /^The token store cannot be written: /,
  });
});

Deno.test("openSchema() seals the name key anew when another key is put in front", async () => {
  using world = await World.make();
  const nameKey = await world.open(K1);
  assert.deepEqual(await world.open(K2, K1), nameKey);
  assert.equal((await world.entry()).value?.names?.kid, "k2");
  assert.deepEqual(await world.open(K2), nameKey);
});

Deno.test("openSchema() refuses a key that the store was not made with, naming both, and writes nothing", async () => {
  using world = await World.make();
  await world.open(K1);
  const { versionstamp } = await world.entry();
  await assert.rejects(world.open(K2), {
    name: "StartError",
    message: 'The token store was made with the key "k1", and the key given is "k2": set FEISHU_TOKEN_KEY ' +
      "(or restore the .key file next to the store) to the one it was made with; nothing was overwritten",
  });
  assert.equal((await world.entry()).versionstamp, versionstamp);
});

Deno.test("openSchema() refuses another key of the same id, and writes nothing", async () => {
  using world = await World.make();
  await world.open(K1);
  const { versionstamp } = await world.entry();
  await assert.rejects(world.open(testKey("k1", 9)), {
    name: "StartError",
    message:
      /^The token store was made with another key of the same id "k1": set FEISHU_TOKEN_KEY to that one/,
  });
  assert.equal((await world.entry()).versionstamp, versionstamp);
});

Deno.test("openSchema() makes a store without a name key when every app brings its own keys", async () => {
  using world = await World.make();
  const none = { nameKey: null, hadAppKeys: false };
  assert.deepEqual(await openSchema(world.calls, null, TEST_RANDOM), none);
  assert.deepEqual(await openSchema(world.calls, null, TEST_RANDOM), none);
  assert.equal((await world.entry()).value?.names, undefined);
});

Deno.test("openSchema() does not open a store with a server key without it", async () => {
  using keyed = await World.make();
  await keyed.open(K1);
  await assert.rejects(openSchema(keyed.calls, null, TEST_RANDOM), {
    name: "StartError",
    message: 'The token store was made with the server key "k1": set FEISHU_TOKEN_KEY to it',
  });
});

Deno.test("openSchema() gives a store without a server key one, for good, and says that it had none", async () => {
  using world = await World.make();
  await openSchema(world.calls, null, TEST_RANDOM);
  const first = await openSchema(world.calls, [K1], TEST_RANDOM);
  assert.equal(first.nameKey?.length, 32);
  assert.equal(first.hadAppKeys, true);
  assert.deepEqual(await openSchema(world.calls, [K1], TEST_RANDOM), first);
  await assert.rejects(openSchema(world.calls, null, TEST_RANDOM), { name: "StartError", message: /"k1"/ });
  using keyed = await World.make();
  assert.equal((await openSchema(keyed.calls, [K1], TEST_RANDOM)).hadAppKeys, false);
});

Deno.test.each<[string, unknown]>([
  ["of the same form", { schema: SCHEMA_VERSION + 1, needs: "3.1.0" }],
  ["whose names have another form", { schema: SCHEMA_VERSION + 1, needs: "3.1.0", names: ["new"], more: 1 }],
])("readSchema() refuses a newer store %s and names the version it needs", async (_name, stored) => {
  using world = await World.make(stored);
  const { versionstamp } = await world.entry();
  for (const opening of [() => readSchema(world.calls), () => world.open(K1)]) {
    await assert.rejects(opening, {
      name: "StartError",
      message: "The token store has schema 2, this program reads up to 1: use version 3.1.0 or newer",
    });
  }
  assert.equal((await world.entry()).versionstamp, versionstamp);
});

Deno.test.each<[string, unknown]>([
  ["text", "schema"],
  ["null", null],
  ["without a version", { schema: 1 }],
  ["of schema 0", { schema: 0, needs: "0.1.0" }],
  ["with damaged names", { schema: 1, needs: "0.1.0", names: { kid: "k1" } }],
])("readSchema() refuses a description that is %s, and leaves it", async (_name, stored) => {
  using world = await World.make(stored);
  const { versionstamp } = await world.entry();
  for (const opening of [() => readSchema(world.calls), () => world.open(K1)]) {
    await assert.rejects(opening, {
      name: "StartError",
      message: "The token store's description is damaged: restore the store from a backup",
    });
  }
  assert.equal((await world.entry()).versionstamp, versionstamp);
});

Deno.test("readSchema() is null for a new store, and tells which key made an old one", async () => {
  using world = await World.make();
  assert.equal(await readSchema(world.calls), null);
  await world.open(K1);
  assert.equal((await readSchema(world.calls))?.names?.kid, "k1");
});
