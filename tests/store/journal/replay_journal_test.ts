import assert from "node:assert/strict";
import type { Secret } from "../../../src/secret.ts";
import { appSecretKeyring, type Keyring } from "../../../src/store/sealing/keyring.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";
import { JournalWorld } from "./journal_world.ts";
import { APP_NAME, appRecord, callerName, GRANT_NAME, revealed, tombstone, userRecord } from "../samples.ts";
import { testKey, testKeyring } from "../test_keys.ts";

const NOT_REPLAYED = "journal file not replayed, left in place";

Deno.test("replayJournal() writes what the store does not have, without the token that opens it", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal()).put(callerName(), userRecord());
  assert.equal(await world.replay(await blindKeyring()), 1);
  assert.deepEqual(await world.names(), []);
  const { token } = await (await world.records()).read(callerName());
  assert.deepEqual(revealed(token.value), revealed(userRecord()));
});

Deno.test("replayJournal() writes what is newer than the store", async () => {
  await using world = await JournalWorld.make();
  const records = await world.records();
  await records.write(APP_NAME, { check: {}, set: { token: appRecord({ gen: 3 }) }, deadlineMs: 1_000 });
  await (await world.journal()).put(APP_NAME, appRecord({ gen: 4 }));
  assert.equal(await world.replay(), 1);
  assert.equal((await records.read(APP_NAME)).token.value?.gen, 4);
});

Deno.test.each([[3, "as old"], [2, "older"]] as const)(
  "replayJournal() drops generation %i, which is %s as what the store has",
  async (gen, _age) => {
    await using world = await JournalWorld.make();
    const records = await world.records();
    const token = appRecord({ gen: 3 });
    await records.write(APP_NAME, { check: {}, set: { token }, deadlineMs: 1_000 });
    const { version } = (await records.read(APP_NAME)).token;
    await (await world.journal()).put(APP_NAME, appRecord({ gen }));
    assert.equal(await world.replay(), 0);
    assert.deepEqual(await world.names(), []);
    assert.equal((await records.read(APP_NAME)).token.version, version);
  },
);

Deno.test("replayJournal() ends with the newest of several pairs of one record", async () => {
  await using world = await JournalWorld.make();
  const journal = await world.journal();
  for (const gen of [2, 10, 9]) await journal.put(APP_NAME, appRecord({ gen }));
  await world.replay();
  assert.equal((await (await world.records()).read(APP_NAME)).token.value?.gen, 10);
  assert.deepEqual(await world.names(), []);
});

Deno.test("replayJournal() looks again when a write had no clear outcome, though it landed", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal()).put(callerName(), userRecord());
  world.faulty.commits.push("land_and_hang");
  const replaying = world.replay();
  await world.faulty.landed;
  world.clock.pass(5_000);
  await replaying;
  assert.deepEqual(await world.names(), []);
  assert.notEqual((await (await world.records()).read(callerName())).token.value, null);
});

Deno.test("replayJournal() never writes over a newer pair that a process stores at the same moment", async () => {
  await using world = await JournalWorld.make();
  const records = await world.records();
  await (await world.journal()).put(APP_NAME, appRecord({ gen: 4 }));
  world.faulty.commits.push("stall");
  const replaying = world.replay();
  await world.faulty.reached;
  await records.write(APP_NAME, { check: {}, set: { token: appRecord({ gen: 5 }) }, deadlineMs: 1_000 });
  world.faulty.resume();
  assert.equal(await replaying, 0);
  assert.equal((await records.read(APP_NAME)).token.value?.gen, 5);
  assert.deepEqual(await world.names(), []);
});

Deno.test("replayJournal() leaves in the journal what the store does not take, and says so", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal()).put(callerName(), userRecord());
  world.faulty.commits.push(...Array.from({ length: 10 }, () => "broken" as const));
  assert.equal(await world.replay(), 0);
  assert.equal(world.log.only(NOT_REPLAYED).fields.path, await world.onlyFile());
});

Deno.test("replayJournal() leaves in the journal what does not open, and goes on with the rest", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal(await testKeyring([testKey("old", 7)]))).put(callerName("ur-one"), userRecord());
  const path = await world.onlyFile();
  await (await world.journal()).put(callerName("ur-two"), userRecord());
  assert.equal(await world.replay(), 1);
  assert.equal(await world.onlyFile(), path);
  assert.equal(world.log.only(NOT_REPLAYED).fields.path, path);
});

Deno.test("replayJournal() leaves in the journal a pair whose stored value does not open, and leaves that too", async () => {
  await using world = await JournalWorld.make();
  const old = await testKeyring([testKey("old", 7)]);
  const records = await world.records(old);
  await records.write(callerName(), { check: {}, set: { token: userRecord() }, deadlineMs: 1_000 });
  await (await world.journal()).put(callerName(), userRecord({ gen: 2 }));
  assert.equal(await world.replay(), 0);
  assert.equal((await records.read(callerName())).token.value?.gen, 1);
  assert.equal((await world.names()).length, 1);
});

Deno.test("replayJournal() tells an unexpected error by its class alone, which may quote anything", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal()).put(callerName(), userRecord());
  const keyring = await testKeyring();
  const storeId = (): Promise<string> => Promise.reject(new SyntaxError("planted"));
  const shared = Object.create(keyring.shared, { storeId: { value: storeId } });
  assert.equal(await world.replay(Object.create(keyring, { shared: { value: shared } })), 0);
  assert.equal(world.log.only(NOT_REPLAYED).fields.error, "SyntaxError");
});

Deno.test("replayJournal() leaves in the journal what belongs to another store, where it could be found", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal(await testKeyring(undefined, 8))).put(callerName(), userRecord());
  assert.equal(await world.replay(await testKeyring(undefined, 9)), 0);
  assert.equal(world.log.only(NOT_REPLAYED).fields.reason, "it belongs to another store");
  assert.equal((await world.names()).length, 1);
  assert.equal((await Array.fromAsync(world.faulty.kv.list({ prefix: [] }))).length, 0);
});

Deno.test("replayJournal() writes a draft that a killed process left whole", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal()).put(callerName(), userRecord());
  await Deno.rename(await world.onlyFile(), `${world.folder}/abc.draft`);
  assert.equal(await world.replay(), 1);
  assert.deepEqual(await world.names(), []);
  assert.notEqual((await (await world.records()).read(callerName())).token.value, null);
});

Deno.test("replayJournal() waits for the app where its secret is the key, and the pair is found then", async () => {
  await using world = await JournalWorld.make();
  const keyring = appSecretKeyring(TEST_RANDOM);
  const journal = await world.journal(keyring);
  await journal.put(callerName(), userRecord());
  assert.equal(await world.replay(keyring), 0);
  assert.equal((await world.names()).length, 1);
  assert.deepEqual(revealed(await journal.newest(callerName())), revealed(userRecord()));
});

/** The keys of the test, in a process that no app has asked anything yet. */
async function blindKeyring(): Promise<Keyring> {
  return {
    ...await testKeyring(),
    keysFor: ({ appSecret }: { readonly appSecret: Secret }) => {
      throw new Error(`No app was asked for, and a secret of ${appSecret.length} characters was used`);
    },
  };
}

Deno.test("replayJournal() drops a rotation of a login that has ended", async () => {
  await using world = await JournalWorld.make();
  const records = await world.records();
  const ended = { check: {}, set: { token: tombstone({ login: 7, gen: 2 }) }, deadlineMs: 1_000 };
  await records.write(GRANT_NAME, ended);
  await (await world.journal()).put(GRANT_NAME, userRecord({ login: 7, gen: 3 }));
  assert.equal(await world.replay(), 0);
  assert.deepEqual(await world.names(), []);
  assert.deepEqual((await records.read(GRANT_NAME)).token.value, tombstone({ login: 7, gen: 2 }));
});

Deno.test("replayJournal() writes the next rotation of a grant", async () => {
  await using world = await JournalWorld.make();
  const records = await world.records();
  const stored = { check: {}, set: { token: userRecord({ login: 7, gen: 2 }) }, deadlineMs: 1_000 };
  await records.write(GRANT_NAME, stored);
  await (await world.journal()).put(GRANT_NAME, userRecord({ login: 7, gen: 3 }));
  assert.equal(await world.replay(), 1);
  assert.equal((await records.read(GRANT_NAME)).token.value?.gen, 3);
});

Deno.test("replayJournal() leaves a grant to its next look when the store has lost what lay between", async () => {
  await using world = await JournalWorld.make();
  await (await world.journal()).put(GRANT_NAME, userRecord({ login: 7, gen: 3 }));
  assert.equal(await world.replay(), 0);
  assert.equal((await world.names()).length, 1);
  assert.equal((await (await world.records()).read(GRANT_NAME)).token.value, null);
});

Deno.test("replayJournal() leaves the second pair of a generation to the next look, which files it as a spare", async () => {
  await using world = await JournalWorld.make();
  const records = await world.records();
  const token = userRecord({ login: 7, gen: 2, fp: "first" });
  await records.write(GRANT_NAME, { check: {}, set: { token }, deadlineMs: 1_000 });
  await (await world.journal()).put(GRANT_NAME, userRecord({ login: 7, gen: 2, fp: "second" }));
  assert.equal(await world.replay(), 0);
  assert.equal((await world.names()).length, 1);
});
