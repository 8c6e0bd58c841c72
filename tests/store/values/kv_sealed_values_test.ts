import assert from "node:assert/strict";
import { Secret } from "../../../src/secret.ts";
import type { AtomicWrite } from "../../../src/store/kv/atomic_kv.ts";
import { DenoKv } from "../../../src/store/kv/deno_kv.ts";
import { OneHandle } from "../../../src/store/kv/kv_database.ts";
import { KvRecordStore } from "../../../src/store/records/kv_record_store.ts";
import type { Keyring } from "../../../src/store/sealing/keyring.ts";
import { KvSealedValues } from "../../../src/store/values/kv_sealed_values.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { InterceptableKv } from "../../support/interceptable_kv.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";
import { APP, appRecord } from "../samples.ts";
import { testKeyring } from "../test_keys.ts";

const DEADLINE_MS = 3_000;
const FOR_EVER = { endsAtMs: null, deadlineMs: DEADLINE_MS };

/** An app as it might be kept: a name and a secret. */
interface Kept {
  readonly id: string;
  readonly secret: Secret;
}

const ONE: Kept = { id: "cli_one", secret: new Secret("secret-of-one") };
const TWO: Kept = { id: "cli_two", secret: new Secret("secret-of-two") };

/** Values on a real database in memory. */
class World implements Disposable {
  readonly clock = new ManualClock();
  readonly seam = new InterceptableKv();
  readonly kv: DenoKv;
  readonly keyring: Keyring;
  readonly values: KvSealedValues<Kept>;

  private constructor(real: Deno.Kv, keyring: Keyring) {
    this.keyring = keyring;
    const { clock } = this;
    const database = new OneHandle(this.seam.wrap(real));
    this.kv = new DenoKv({ database, clock, random: TEST_RANDOM, log: new RecordingLog() });
    this.values = this.namespace("app");
  }

  static async make(): Promise<World> {
    return new World(await Deno.openKv(":memory:"), await testKeyring());
  }

  namespace(namespace: string): KvSealedValues<Kept> {
    const { kv, clock, keyring } = this;
    assert(keyring.shared !== null);
    return new KvSealedValues({
      kv,
      keys: keyring.shared,
      namespace,
      clock,
      random: { ...TEST_RANDOM, bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
      encode: ({ id, secret }) => ({ id, secret: secret.reveal() }),
      decode: (stored) => {
        const { id, secret } = stored as { id: string; secret: string };
        if (typeof id !== "string") throw new TypeError("no app");
        return { id, secret: new Secret(secret) };
      },
    });
  }

  entries(): Promise<Deno.KvEntry<unknown>[]> {
    return Array.fromAsync(this.seam.kv.list<unknown>({ prefix: [] }));
  }

  [Symbol.dispose](): void {
    this.kv.close();
  }
}

Deno.test("get() gives what put() wrote, with the version to check", async () => {
  using world = await World.make();
  const outcome = await world.values.put("one", ONE, FOR_EVER);
  const { value, version } = await world.values.get("one");
  assert.equal(value?.id, "cli_one");
  assert.equal(value?.secret.reveal(), "secret-of-one");
  assert.deepEqual(outcome, { kind: "ok", version });
  assert.deepEqual(await world.values.get("two"), { value: null, version: null });
});

Deno.test("neither a key nor a value shows its name or its content", async () => {
  using world = await World.make();
  await world.values.put("cli_one@feishu", ONE, FOR_EVER);
  const [entry] = await world.entries();
  const bytes = Object.values(entry?.value as Record<string, unknown>)
    .map((part) => part instanceof Uint8Array ? new TextDecoder("latin1").decode(part) : String(part));
  const seen = [entry?.key.join("/"), ...bytes].join("\n");
  assert.deepEqual(entry?.key.slice(0, 3), ["feishu-token", "value", "app"]);
  for (const hidden of ["cli_one", "secret-of-one"]) assert(!seen.includes(hidden), hidden);
});

Deno.test("a value that was moved to another key, or another namespace, does not open", async () => {
  using world = await World.make();
  await world.values.put("one", ONE, FOR_EVER);
  await world.values.put("two", TWO, FOR_EVER);
  await world.namespace("due").put("one", TWO, FOR_EVER);
  const [first, second, due] = await world.entries();
  await world.seam.kv.set(first!.key, second!.value);
  const name = (await readable(world, "one")) ? "two" : "one";
  await assert.rejects(world.values.get(name), { code: "store_unreadable" });
  await world.seam.kv.set(due!.key, first!.value);
  await assert.rejects(world.namespace("due").get("one"), { code: "store_unreadable" });
});

async function readable(world: World, name: string): Promise<boolean> {
  return await world.values.get(name).then(() => true, () => false);
}

Deno.test("put() and remove() with a check happen only while the version is there", async () => {
  using world = await World.make();
  assert.equal((await world.values.put("one", ONE, { ...FOR_EVER, check: null })).kind, "ok");
  assert.equal((await world.values.put("one", TWO, { ...FOR_EVER, check: null })).kind, "conflict");
  const { version } = await world.values.get("one");
  assert.equal((await world.values.put("one", TWO, { ...FOR_EVER, check: version })).kind, "ok");
  assert.equal(
    (await world.values.remove("one", { check: version, deadlineMs: DEADLINE_MS })).kind,
    "conflict",
  );
  assert.equal((await world.values.remove("one", { deadlineMs: DEADLINE_MS })).kind, "ok");
  assert.equal((await world.values.get("one")).value, null);
});

Deno.test("a value whose end has passed counts as absent, by its own field, and can be replaced", async () => {
  using world = await World.make();
  const endsAtMs = world.clock.now() + 1_000;
  await world.values.put("one", ONE, { endsAtMs, deadlineMs: DEADLINE_MS });
  world.clock.pass(999);
  assert.equal((await world.values.get("one")).value?.id, "cli_one");
  world.clock.pass(1);
  const { value, version } = await world.values.get("one");
  assert.equal(value, null);
  assert.notEqual(version, null);
  assert.deepEqual(await Array.fromAsync(world.values.list()), []);
  assert.deepEqual(await world.values.consume("one", DEADLINE_MS), { kind: "absent" });
  assert.equal((await world.values.put("one", TWO, { ...FOR_EVER, check: version })).kind, "ok");
});

Deno.test("list() gives every value of its namespace by name, and of no other", async () => {
  using world = await World.make();
  await world.values.put("one", ONE, FOR_EVER);
  await world.values.put("two", TWO, FOR_EVER);
  await world.namespace("apple").put("three", ONE, FOR_EVER);
  const names = await Array.fromAsync(world.values.list(), ({ name, value }) => `${name} ${value.id}`);
  assert.deepEqual(names.toSorted(), ["one cli_one", "two cli_two"]);
});

Deno.test("list() passes over what does not open where somebody is told, and throws else", async () => {
  using world = await World.make();
  await world.values.put("one", ONE, FOR_EVER);
  const [entry] = await world.entries();
  await world.values.put("two", TWO, FOR_EVER);
  await world.seam.kv.set(entry!.key, "damaged");
  const errors: string[] = [];
  const listed = await Array.fromAsync(world.values.list((error) => errors.push(error.code)));
  assert.deepEqual(listed.map(({ name }) => name), ["two"]);
  assert.deepEqual(errors, ["store_unreadable"]);
  await assert.rejects(Array.fromAsync(world.values.list()), { code: "store_unreadable" });
});

Deno.test("of all who consume a value one gets it", async () => {
  using world = await World.make();
  await world.values.put("one", ONE, FOR_EVER);
  const consumed = await Promise.all(
    Array.from({ length: 5 }, () => world.namespace("app").consume("one", DEADLINE_MS)),
  );
  assert.deepEqual(consumed.map(({ kind }) => kind).toSorted(), [
    ...Array.from({ length: 4 }, () => "absent"),
    "taken",
  ]);
  assert.deepEqual(await world.values.consume("one", DEADLINE_MS), { kind: "absent" });
});

Deno.test.each(["land_and_lie", "land_and_throw"] as const)(
  "a consumer whose commit landed and seemed to fail has the value, and nobody else: %s",
  async (fate) => {
    using world = await World.make();
    await world.values.put("one", ONE, FOR_EVER);
    const fates = [fate];
    world.seam.onCommit = () => fates.pop() ?? "pass";
    const consumed = await world.values.consume("one", DEADLINE_MS);
    assert(consumed.kind === "taken");
    assert.equal(consumed.value.id, "cli_one");
    assert.deepEqual(await world.values.consume("one", DEADLINE_MS), { kind: "absent" });
  },
);

Deno.test("the note that a value without an end was taken ends within a day", async () => {
  using world = await World.make();
  await world.values.put("one", ONE, FOR_EVER);
  const expiries: (number | undefined)[] = [];
  const { kv } = world;
  const commit = kv.commit.bind(kv);
  Object.assign(kv, {
    commit: (write: AtomicWrite) => {
      expiries.push(...(write.sets ?? []).map(({ expireIn }) => expireIn));
      return commit(write);
    },
  });
  await world.values.consume("one", DEADLINE_MS);
  assert.deepEqual(expiries, [24 * 60 * 60 * 1_000]);
});

Deno.test("consume() is unknown when every commit fails, and nothing is taken", async () => {
  using world = await World.make();
  await world.values.put("one", ONE, FOR_EVER);
  world.seam.onCommit = () => "throw";
  assert.deepEqual(await world.values.consume("one", DEADLINE_MS), { kind: "unknown" });
  world.seam.onCommit = () => "pass";
  assert.equal((await world.values.consume("one", DEADLINE_MS)).kind, "taken");
});

Deno.test("a record's atomic write carries sealed values along, and leaves them where its check fails", async () => {
  using world = await World.make();
  const { kv, keyring, clock } = world;
  const records = new KvRecordStore({ kv, keyring, clock, owner: "process-1" });
  const name = { kind: "app", credentials: APP } as const;
  const write = { set: { token: appRecord() }, deadlineMs: DEADLINE_MS };
  const also = [await world.values.change("one", ONE, null)];
  assert.equal(
    (await records.write(name, { ...write, check: { token: "00000000000000000001" }, also })).kind,
    "conflict",
  );
  assert.equal((await world.values.get("one")).value, null);
  assert.equal((await records.write(name, { ...write, check: { token: null }, also })).kind, "ok");
  assert.equal((await world.values.get("one")).value?.id, "cli_one");
  const gone = [await world.values.change("one", null, null)];
  assert.equal((await records.write(name, { ...write, check: {}, also: gone })).kind, "ok");
  assert.equal((await world.values.get("one")).value, null);
});

Deno.test("put() says too large for what no database takes", async () => {
  using world = await World.make();
  const value = { id: "cli_one", secret: new Secret("x".repeat(70_000)) };
  assert.equal((await world.values.put("one", value, FOR_EVER)).kind, "too large");
});
