import assert from "node:assert/strict";
import { isTombstone } from "../../../src/ports/record_order.ts";
import type { RecordName } from "../../../src/ports/store.ts";
import { placesOf, type RecordPlace, type RecordPlaces } from "../../../src/store/records/keys.ts";
import type { AppKeys } from "../../../src/store/sealing/keyring.ts";
import { openHead, RecordSealing } from "../../../src/store/records/stored_value.ts";
import { APP_NAME, appRecord, callerName, lease, PLANTED, revealed, status, userRecord } from "../samples.ts";
import { testAppKeys, testKey } from "../test_keys.ts";

interface Sealed {
  readonly keys: AppKeys;
  readonly place: RecordPlace;
  readonly places: RecordPlaces;
  readonly sealing: RecordSealing;
}

async function sealingOf(name: RecordName, keys?: AppKeys): Promise<Sealed> {
  const own = keys ?? await testAppKeys();
  const places = await placesOf(name, own);
  return { keys: own, places, place: places.token, sealing: new RecordSealing(name, own, places) };
}

Deno.test.each([["app", APP_NAME, appRecord()], ["caller", callerName(), userRecord()]] as const)(
  "openToken() gives back what sealToken() took for the kind %s",
  async (_kind, name, record) => {
    const { sealing } = await sealingOf(name);
    assert.deepEqual(
      revealed(await sealing.openToken(await sealing.sealToken(record, 1))),
      revealed(record),
    );
  },
);

Deno.test("openLease() and openStatus() give back what seal() took", async () => {
  const { sealing } = await sealingOf(APP_NAME);
  assert.deepEqual(await sealing.openLease(await sealing.seal("lease", lease())), lease());
  assert.deepEqual(await sealing.openStatus(await sealing.seal("status", status())), status());
});

Deno.test("openHead() orders a caller's pair with the server key alone", async () => {
  const { keys, place, sealing } = await sealingOf(callerName());
  const head = await openHead(place, keys, await sealing.sealToken(userRecord({ login: 5, gen: 2 }), 77));
  assert(!isTombstone(head));
  assert.deepEqual([head.login, head.gen, head.keepUntilMs], [5, 2, 77]);
  assert(!JSON.stringify(head).includes(PLANTED.refreshToken));
});

Deno.test("openToken() of a caller's pair needs the token that was presented: the server key does not do", async () => {
  const { keys, places, sealing } = await sealingOf(callerName());
  const stored = await sealing.sealToken(userRecord(), 1);
  for (const name of [callerName("ur-another"), { ...callerName(), presented: undefined }]) {
    const { presented, ...rest } = name;
    const guess = new RecordSealing(presented === undefined ? rest : { ...rest, presented }, keys, places);
    await assert.rejects(guess.openToken(stored), { code: "store_unreadable" });
  }
});

Deno.test("openToken() throws when two records were swapped", async () => {
  const keys = await testAppKeys();
  const one = await sealingOf(APP_NAME, keys);
  const otherName: RecordName = { kind: "app", credentials: { ...APP_NAME.credentials, appId: "cli_other" } };
  const other = await sealingOf(otherName, keys);
  const stored = await one.sealing.sealToken(appRecord(), 1);
  await assert.rejects(other.sealing.openToken(stored), { code: "store_unreadable" });
  await assert.rejects(openHead(other.place, keys, stored), { code: "store_unreadable" });
});

Deno.test("openLease() throws for a status at its place", async () => {
  const { sealing } = await sealingOf(APP_NAME);
  const stored = await sealing.seal("status", status());
  await assert.rejects(sealing.openLease(stored), { code: "store_unreadable" });
});

Deno.test("openToken() throws when head and body stand in each other's place", async () => {
  const { sealing } = await sealingOf(APP_NAME);
  const stored = await sealing.sealToken(appRecord(), 1);
  await assert.rejects(
    sealing.openToken({ ...stored, head: stored.body, body: stored.head }),
    { code: "store_unreadable" },
  );
});

Deno.test("openToken() names the key of the store and the server key that is missing", async () => {
  const old = await sealingOf(APP_NAME, await testAppKeys([testKey("k1", 1)]));
  const stored = await old.sealing.sealToken(appRecord(), 1);
  const { place, sealing } = await sealingOf(APP_NAME, await testAppKeys([testKey("k2", 2)]));
  await assert.rejects(sealing.openToken(stored), {
    code: "store_unreadable",
    message: "A stored value does not open with the configured key: " +
      `feishu-token/token/app/${place.hash} was sealed with the key "k1"`,
  });
});

Deno.test("openToken() opens what an older key has sealed, as long as that key is given", async () => {
  const old = await sealingOf(APP_NAME, await testAppKeys([testKey("k1", 1)]));
  const stored = await old.sealing.sealToken(appRecord(), 1);
  const keys = await testAppKeys([testKey("k2", 2), testKey("k1", 1)]);
  const rotated = await sealingOf(APP_NAME, keys);
  assert.deepEqual(revealed(await rotated.sealing.openToken(stored)), revealed(appRecord()));
  assert.equal((await rotated.sealing.sealToken(appRecord(), 1)).kid, "k2");
});

Deno.test.each<[string, unknown]>([
  ["of a newer form", { v: 2, kid: "k1", head: new Uint8Array(40) }],
  ["of another program", "text"],
  ["null", null],
  ["without bytes", { v: 1, kid: "k1", head: "AAAA" }],
])("openToken() throws store_unreadable for a value %s, naming its key", async (_name, stored) => {
  const { place, sealing } = await sealingOf(APP_NAME);
  await assert.rejects(sealing.openToken(stored), {
    code: "store_unreadable",
    message: new RegExp(`feishu-token/token/app/${place.hash} is not a value of this version$`),
  });
});

Deno.test("openToken() throws store_unreadable for a token without its body", async () => {
  const { sealing } = await sealingOf(APP_NAME);
  const { body: _body, ...stored } = await sealing.sealToken(appRecord(), 1);
  await assert.rejects(sealing.openToken(stored), { code: "store_unreadable" });
});
