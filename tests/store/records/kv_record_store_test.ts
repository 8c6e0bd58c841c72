import assert from "node:assert/strict";
import type { RecordChange, RecordName, Slot, Snapshot } from "../../../src/ports/store.ts";
import { DenoKv } from "../../../src/store/kv/deno_kv.ts";
import { OneHandle } from "../../../src/store/kv/kv_database.ts";
import { placesOf, slotKey } from "../../../src/store/records/keys.ts";
import type { Keyring } from "../../../src/store/sealing/keyring.ts";
import { KvRecordStore } from "../../../src/store/records/kv_record_store.ts";
import { Secret } from "../../../src/secret.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";
import { FaultyKv, type KvFault } from "../kv/faulty_kv.ts";
import {
  APP,
  APP_NAME,
  appRecord,
  callerName,
  GRANT_NAME,
  lease,
  revealed,
  status,
  tombstone,
  userRecord,
} from "../samples.ts";
import { testKeyring } from "../test_keys.ts";

const DEADLINE_MS = 3_000;
const SLOTS = ["token", "lease", "status", "spare"] as const;
const EVERY_SLOT = { token: appRecord(), lease: lease(), status: status(), spare: appRecord() };
const DAY_MS = 86_400_000;

/** Records on a real database in memory that goes wrong as a test says. */
class World implements Disposable {
  readonly clock = new ManualClock();
  readonly faulty: FaultyKv;
  readonly keyring: Keyring;
  readonly records: KvRecordStore;
  readonly #expiries: Map<string, number | undefined>;

  private constructor(real: Deno.Kv, keyring: Keyring, expiries: Map<string, number | undefined>) {
    this.keyring = keyring;
    this.#expiries = expiries;
    this.faulty = new FaultyKv(real);
    const { clock } = this;
    const kv = new DenoKv({
      database: new OneHandle(this.faulty.kv),
      clock,
      random: TEST_RANDOM,
      log: new RecordingLog(),
    });
    this.records = new KvRecordStore({ kv, keyring, clock, owner: "process-1" });
  }

  static async make(): Promise<World> {
    const expiries = new Map<string, number | undefined>();
    const kv = notingExpiries(await Deno.openKv(":memory:"), expiries);
    return new World(kv, await testKeyring(), expiries);
  }

  write(name: RecordName, change: Omit<RecordChange, "deadlineMs">): ReturnType<KvRecordStore["write"]> {
    return this.records.write(name, { ...change, deadlineMs: DEADLINE_MS });
  }

  async keyOf(slot: Slot, name: RecordName): Promise<Deno.KvKey> {
    const places = await placesOf(name, await this.keyring.keysFor(APP));
    return slotKey(slot, places[slot]);
  }

  /** The `expireIn` of the last write to each kind of key. */
  expiryOf(slot: Slot): number | undefined {
    assert(this.#expiries.has(slot), `${slot} was never written`);
    return this.#expiries.get(slot);
  }

  [Symbol.dispose](): void {
    this.faulty.kv.close();
  }
}

function notingExpiries(real: Deno.Kv, expiries: Map<string, number | undefined>): Deno.Kv {
  const atomic = real.atomic.bind(real);
  real.atomic = (): Deno.AtomicOperation => {
    const operation = atomic();
    const set = operation.set.bind(operation);
    operation.set = (key, value, options) => {
      expiries.set(String(key[1]), options?.expireIn);
      return set(key, value, options);
    };
    return operation;
  };
  return real;
}

function values(snapshot: Snapshot): unknown {
  return {
    token: revealed(snapshot.token.value),
    lease: snapshot.lease.value,
    status: snapshot.status.value,
    spare: revealed(snapshot.spare.value),
  };
}

Deno.test("read() of a record that nobody has written is empty, without versions", async () => {
  using world = await World.make();
  const nothing = { value: null, version: null };
  const empty = { token: nothing, lease: nothing, status: nothing, spare: nothing };
  assert.deepEqual(await world.records.read(APP_NAME), empty);
});

Deno.test.each<[string, RecordName]>([
  ["app", APP_NAME],
  ["caller", callerName()],
  ["grant", GRANT_NAME],
])(
  "read() gives back every slot that write() set, for the kind %s",
  async (_kind, name) => {
    using world = await World.make();
    const set = { token: userRecord(), lease: lease(), status: status(), spare: userRecord({ fp: "other" }) };
    const outcome = await world.write(name, { check: {}, set });
    const snapshot = await world.records.read(name);
    assert.deepEqual(values(snapshot), { ...set, token: revealed(set.token), spare: revealed(set.spare) });
    assert(outcome.kind === "ok");
    for (const slot of SLOTS) assert.equal(snapshot[slot].version, outcome.version);
  },
);

Deno.test("write() leaves the slots alone that it does not set", async () => {
  using world = await World.make();
  await world.write(APP_NAME, { check: {}, set: EVERY_SLOT });
  const before = await world.records.read(APP_NAME);
  await world.write(APP_NAME, { check: {}, set: { lease: lease({ nonce: "nonce-2" }) } });
  const after = await world.records.read(APP_NAME);
  assert.equal(after.lease.value?.nonce, "nonce-2");
  for (const slot of ["token", "status", "spare"] as const) {
    assert.equal(after[slot].version, before[slot].version);
  }
});

Deno.test("write() removes slots in the same atomic, or none when a check fails", async () => {
  using world = await World.make();
  await world.write(GRANT_NAME, { check: {}, set: EVERY_SLOT });
  const change = { set: { token: tombstone() }, remove: ["status", "spare"] } as const;
  assert.equal((await world.write(GRANT_NAME, { check: { token: null }, ...change })).kind, "conflict");
  assert.equal((await world.records.read(GRANT_NAME)).spare.value?.fp, appRecord().fp);
  assert.equal((await world.write(GRANT_NAME, { check: {}, ...change })).kind, "ok");
  const { token, status, spare, lease } = await world.records.read(GRANT_NAME);
  assert.deepEqual([token.value, status.value, spare.value], [tombstone(), null, null]);
  assert.notEqual(lease.value, null);
});

Deno.test("write() keeps a tombstone 365 days, and everything else of a grant for ever", async () => {
  using world = await World.make();
  await world.write(GRANT_NAME, { check: {}, set: EVERY_SLOT });
  for (const slot of SLOTS) assert.equal(world.expiryOf(slot), undefined);
  await world.write(GRANT_NAME, { check: {}, set: { token: tombstone() } });
  assert.equal(world.expiryOf("token"), 365 * DAY_MS);
});

Deno.test("write() keeps records of other names apart", async () => {
  using world = await World.make();
  await world.write(callerName("ur-one"), { check: {}, set: { token: userRecord() } });
  assert.equal((await world.records.read(callerName("ur-two"))).token.value, null);
  assert.equal((await world.records.read(APP_NAME)).token.value, null);
});

Deno.test.each(SLOTS)(
  "write() is a conflict when %s is not absent as checked, and sets nothing",
  async (slot) => {
    using world = await World.make();
    await world.write(APP_NAME, { check: {}, set: EVERY_SLOT });
    const before = await world.records.read(APP_NAME);
    const outcome = await world.write(APP_NAME, { check: { [slot]: null }, set: EVERY_SLOT });
    assert.deepEqual(outcome, { kind: "conflict" });
    assert.deepEqual(await world.records.read(APP_NAME).then(versions), versions(before));
  },
);

Deno.test.each(SLOTS)(
  "write() is a conflict when %s has moved since it was read, and sets nothing",
  async (slot) => {
    using world = await World.make();
    await world.write(APP_NAME, { check: {}, set: EVERY_SLOT });
    const read = await world.records.read(APP_NAME);
    await world.write(APP_NAME, { check: {}, set: { [slot]: EVERY_SLOT[slot] } });
    const before = await world.records.read(APP_NAME);
    const outcome = await world.write(APP_NAME, { check: { [slot]: read[slot].version }, set: EVERY_SLOT });
    assert.deepEqual(outcome, { kind: "conflict" });
    assert.deepEqual(await world.records.read(APP_NAME).then(versions), versions(before));
  },
);

Deno.test.each(SLOTS)("write() goes through when %s still is as checked", async (slot) => {
  using world = await World.make();
  await world.write(APP_NAME, { check: { [slot]: null }, set: EVERY_SLOT });
  const read = await world.records.read(APP_NAME);
  const outcome = await world.write(APP_NAME, { check: { [slot]: read[slot].version }, set: EVERY_SLOT });
  assert.equal(outcome.kind, "ok");
});

Deno.test("write() lets one of many claims through when all have seen the same", async () => {
  using world = await World.make();
  const outcomes = await Promise.all(
    Array.from(
      { length: 10 },
      (_, index) =>
        world.write(APP_NAME, { check: { lease: null }, set: { lease: lease({ nonce: `nonce-${index}` }) } }),
    ),
  );
  assert.equal(outcomes.filter(({ kind }) => kind === "ok").length, 1);
  assert.equal(outcomes.filter(({ kind }) => kind === "conflict").length, 9);
});

Deno.test("write() lets an app token go at its end, and the lease and status beside it soon after theirs", async () => {
  using world = await World.make();
  const untilMs = world.clock.now() + DAY_MS;
  await world.write(APP_NAME, { check: {}, set: { ...EVERY_SLOT, status: status({ untilMs }) } });
  assert.equal(world.expiryOf("token"), appRecord().token.expiresAtMs - world.clock.now());
  assert.equal(world.expiryOf("lease"), lease().lifeMs + 60_000);
  assert.equal(world.expiryOf("status"), DAY_MS + 60_000);
});

Deno.test("an app's lease and status are those of one secret, and its token is that of all", async () => {
  using world = await World.make();
  const reset: RecordName = { kind: "app", credentials: { ...APP, appSecret: new Secret("reset") } };
  await world.write(APP_NAME, { check: {}, set: { ...EVERY_SLOT, lease: lease({ nonce: "old" }) } });
  const set = { lease: lease({ nonce: "new" }) };
  assert.equal((await world.write(reset, { check: { lease: null, status: null }, set })).kind, "ok");
  const [old, now] = [await world.records.read(APP_NAME), await world.records.read(reset)];
  assert.deepEqual([old.lease.value?.nonce, now.lease.value?.nonce], ["old", "new"]);
  assert.deepEqual([old.status.value === null, now.status.value], [false, null]);
  assert.equal(now.token.version, old.token.version);
});

Deno.test.each([
  [status({ mark: "rotation_outcome_unknown" }), 365 * DAY_MS],
  [status({ mark: "needs_login" }), 30 * DAY_MS],
])(
  "write() keeps what is known of a caller's refresh token as long as it is worth it: %j",
  async (set, keptMs) => {
    using world = await World.make();
    await world.write(callerName(), { check: {}, set: { status: set } });
    assert.equal(world.expiryOf("status"), keptMs);
  },
);

Deno.test("write() lets a caller's record go with its refresh token, its lease after 365 days, a pair noted beside it soon", async () => {
  using world = await World.make();
  const token = userRecord();
  await world.write(callerName(), { check: {}, set: { ...EVERY_SLOT, token } });
  assert.equal(world.expiryOf("token"), (token.token.refreshExpiresAtMs ?? 0) - world.clock.now());
  assert.equal(world.expiryOf("lease"), 365 * DAY_MS);
  assert.equal(world.expiryOf("spare"), 600_000);
});

Deno.test("write() takes a token that has ended, and one that ends within a millisecond", async () => {
  using world = await World.make();
  for (const leftMs of [-DAY_MS, 0.4]) {
    const token = { ...appRecord().token, expiresAtMs: world.clock.now() + leftMs };
    const outcome = await world.write(APP_NAME, { check: {}, set: { token: appRecord({ token }) } });
    assert.equal(outcome.kind, "ok");
    assert.equal(world.expiryOf("token"), 0);
  }
});

Deno.test("write() is unknown when the store throws, when it never answers, and never throws itself", async () => {
  using world = await World.make();
  world.faulty.commits.push("broken", "hang");
  assert.deepEqual(await world.write(APP_NAME, { check: {}, set: EVERY_SLOT }), { kind: "unknown" });
  const writing = world.write(APP_NAME, { check: {}, set: EVERY_SLOT });
  await world.clock.untilSleeping(1);
  world.clock.pass(DEADLINE_MS);
  assert.deepEqual(await writing, { kind: "unknown" });
});

Deno.test("read() throws store_unavailable when the store fails, and says when to come back", async () => {
  using world = await World.make();
  world.faulty.reads.push("broken");
  await assert.rejects(world.records.read(APP_NAME), {
    code: "store_unavailable",
    detail: { retryAfterMs: 1_000, cause: new TypeError("disk I/O error") },
  });
});

Deno.test.each(SLOTS)(
  "read() throws store_unreadable when %s is damaged, names it and leaves it",
  async (slot) => {
    using world = await World.make();
    await world.write(APP_NAME, { check: {}, set: EVERY_SLOT });
    const key = await world.keyOf(slot, APP_NAME);
    const { value } = await world.faulty.kv.get<{ head: Uint8Array }>(key);
    value?.head.set([0, 0, 0, 0], 20);
    const { versionstamp } = await world.faulty.kv.set(key, value);
    await assert.rejects(world.records.read(APP_NAME), {
      code: "store_unreadable",
      message: `A stored value does not open with the configured key: ${key.join("/")}`,
    });
    assert.equal((await world.faulty.kv.get(key)).versionstamp, versionstamp);
  },
);

Deno.test("read() does not take a value that is null for one that is absent", async () => {
  using world = await World.make();
  await world.faulty.kv.set(await world.keyOf("token", APP_NAME), null);
  await assert.rejects(world.records.read(APP_NAME), { code: "store_unreadable" });
});

Deno.test("read() throws store_unreadable when somebody swapped the values of two records", async () => {
  using world = await World.make();
  await world.write(callerName("ur-one"), { check: {}, set: { token: userRecord() } });
  await world.write(callerName("ur-two"), { check: {}, set: { token: userRecord() } });
  const { value } = await world.faulty.kv.get(await world.keyOf("token", callerName("ur-one")));
  await world.faulty.kv.set(await world.keyOf("token", callerName("ur-two")), value);
  await assert.rejects(world.records.read(callerName("ur-two")), { code: "store_unreadable" });
  assert.notEqual((await world.records.read(callerName("ur-one"))).token.value, null);
});

Deno.test("probe() writes a value of its own that goes by itself", async () => {
  using world = await World.make();
  await world.records.probe();
  const entries = await Array.fromAsync(world.faulty.kv.list({ prefix: ["feishu-token"] }), ({ key }) => key);
  assert.deepEqual(entries, [["feishu-token", "probe", "process-1"]]);
});

Deno.test("probe() may run twice at once in one process", async () => {
  using world = await World.make();
  world.faulty.reads.push("locked");
  const first = world.records.probe();
  // Its write is done, its read waits for the lock: the second probe comes in between.
  await world.clock.untilSleeping(2);
  world.clock.pass(1);
  await world.records.probe();
  world.clock.pass(5);
  await first;
});

Deno.test.each<[string, KvFault[], KvFault[], RegExp]>([
  ["its write fails", ["broken"], [], /a probe was not written/],
  ["its read fails", [], ["broken"], /does not answer$/],
  ["nothing works", ["broken"], ["broken"], /does not answer$/],
])("probe() says why when %s", async (_case, commits, reads, why) => {
  using world = await World.make();
  world.faulty.commits.push(...commits);
  world.faulty.reads.push(...reads);
  await assert.rejects(world.records.probe(), { code: "store_unavailable", message: why });
});

function versions(snapshot: Snapshot): unknown {
  return SLOTS.map((slot) => snapshot[slot].version);
}
