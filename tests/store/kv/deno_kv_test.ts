import assert from "node:assert/strict";
import { DenoKv, isBusy } from "../../../src/store/kv/deno_kv.ts";
import { OneHandle } from "../../../src/store/kv/kv_database.ts";
import { eventually } from "../../support/eventually.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";
import { FaultyKv } from "./faulty_kv.ts";

const KEY = ["feishu-token", "test"];

/** {@linkcode DenoKv} on a real database in memory that goes wrong as a test says. */
class World implements Disposable {
  readonly clock = new ManualClock();
  readonly log = new RecordingLog();
  readonly faulty: FaultyKv;
  readonly kv: DenoKv;

  private constructor(real: Deno.Kv) {
    this.faulty = new FaultyKv(real);
    this.kv = new DenoKv({
      database: new OneHandle(this.faulty.kv),
      clock: this.clock,
      random: TEST_RANDOM,
      log: this.log,
    });
  }

  static async make(): Promise<World> {
    return new World(await Deno.openKv(":memory:"));
  }

  set(value: unknown, deadlineMs = 3_000): ReturnType<DenoKv["commit"]> {
    return this.kv.commit({ sets: [{ key: KEY, value }], deadlineMs });
  }

  async get(): Promise<unknown> {
    return (await this.faulty.kv.get(KEY)).value;
  }

  [Symbol.dispose](): void {
    this.faulty.kv.close();
  }
}

Deno.test("getMany() reads keys in their order, absent ones too", async () => {
  using world = await World.make();
  await world.set("here");
  const entries = await world.kv.getMany([["absent"], KEY]);
  assert.deepEqual(entries.map(({ value }) => value), [null, "here"]);
});

Deno.test("getMany() tries again when the database is locked, pausing twice as long each time", async () => {
  using world = await World.make();
  await world.set("here");
  world.faulty.reads.push("locked", "locked");
  const reading = world.kv.getMany([KEY]);
  // Two sleep: the deadline and the pause.
  await world.clock.untilSleeping(2);
  world.clock.pass(5);
  await world.clock.untilSleeping(2);
  world.clock.pass(9);
  assert.equal(world.faulty.reads.length, 0);
  assert.equal(world.clock.sleeping, 2);
  world.clock.pass(1);
  const [entry] = await reading;
  assert.equal(entry?.value, "here");
});

Deno.test("getMany() throws store_unavailable when the database fails otherwise, without another try", async () => {
  using world = await World.make();
  world.faulty.reads.push("broken");
  await assert.rejects(world.kv.getMany([KEY]), { name: "TokenError", code: "store_unavailable" });
  assert.equal(world.faulty.calls, 1);
});

Deno.test("getMany() throws store_unavailable when there is no answer for 5 s", async () => {
  using world = await World.make();
  world.faulty.reads.push("hang");
  const reading = assert.rejects(world.kv.getMany([KEY]), { code: "store_unavailable" });
  await world.clock.untilSleeping(1);
  world.clock.pass(4_999);
  assert.equal(world.clock.sleeping, 1);
  world.clock.pass(1);
  await reading;
});

Deno.test("getMany() leaves no timer behind when it was answered", async () => {
  using world = await World.make();
  await world.kv.getMany([KEY]);
  assert.equal(world.clock.sleeping, 0);
});

Deno.test("commit() says which version its keys have now", async () => {
  using world = await World.make();
  const outcome = await world.set("new");
  const entry = await world.faulty.kv.get(KEY);
  assert.deepEqual(outcome, { kind: "ok", version: entry.versionstamp });
});

Deno.test("commit() says conflict when a check fails, and writes nothing", async () => {
  using world = await World.make();
  await world.set("first");
  const outcome = await world.kv.commit({
    checks: [{ key: KEY, versionstamp: null }],
    sets: [{ key: KEY, value: "second" }],
    deadlineMs: 3_000,
  });
  assert.deepEqual(outcome, { kind: "conflict" });
  assert.equal(await world.get(), "first");
});

Deno.test("commit() tries again when the database is locked", async () => {
  using world = await World.make();
  world.faulty.commits.push("locked");
  const writing = world.set("new");
  await world.clock.untilSleeping(2);
  world.clock.pass(5);
  assert.equal((await writing).kind, "ok");
  assert.equal(await world.get(), "new");
});

Deno.test("commit() begins no try after its deadline: nobody would know of it", async () => {
  using world = await World.make();
  world.faulty.commits.push("locked");
  const writing = world.set("new", 1_000);
  await world.clock.untilSleeping(2);
  // The process was stopped meanwhile, for instance because the machine slept.
  world.clock.pass(60_000);
  assert.deepEqual(await writing, { kind: "unknown" });
  assert.equal(world.faulty.calls, 1);
  assert.equal(await world.get(), null);
});

Deno.test("getMany() and commit() begin nothing more when 32 calls are overdue, until one of them comes through", async () => {
  using world = await World.make();
  const failing: Promise<unknown>[] = [];
  for (let number = 1; number <= 32; number++) {
    world.faulty.reads.push(number === 1 ? "stall" : "hang");
    failing.push(assert.rejects(world.kv.getMany([KEY]), { code: "store_unavailable" }));
  }
  await world.clock.untilSleeping(32);
  world.clock.pass(5_000);
  await Promise.all(failing);
  // At once: nobody waits for a deadline.
  await assert.rejects(world.kv.getMany([KEY]), {
    code: "store_unavailable",
    message: /no answer in time$/,
  });
  assert.deepEqual(await world.set("new"), { kind: "unknown" });
  assert.equal(world.faulty.calls, 32);
  world.faulty.resume();
  await world.faulty.landed;
  await eventually(() => "a commit goes through", async () => (await world.set("new")).kind === "ok");
  assert.equal(await world.get(), "new");
});

Deno.test("commit() is unknown when it throws, and says so in the log", async () => {
  using world = await World.make();
  world.faulty.commits.push("broken");
  assert.deepEqual(await world.set("new"), { kind: "unknown" });
  assert.equal(world.log.only("store commit failed").level, "warn");
});

Deno.test("commit() warns once of a store that goes on failing, and again when it fails after it had worked", async () => {
  using world = await World.make();
  const levels = (): string[] => world.log.lines.map(({ level }) => level);
  world.faulty.commits.push("broken", "broken");
  for (let time = 0; time < 3; time++) await world.set("new");
  assert.deepEqual(levels(), ["warn", "debug"]);
  world.faulty.commits.push("broken");
  await world.set("new");
  assert.deepEqual(levels(), ["warn", "debug", "warn"]);
});

Deno.test("commit() is unknown when there is no answer by its deadline, though it has landed", async () => {
  using world = await World.make();
  world.faulty.commits.push("land_and_hang");
  const writing = world.set("new", 3_000);
  await world.clock.untilSleeping(1);
  world.clock.pass(2_999);
  assert.equal(world.clock.sleeping, 1);
  world.clock.pass(1);
  assert.deepEqual(await writing, { kind: "unknown" });
  assert.equal(await world.get(), "new");
});

Deno.test("commit() that was given up can still land", async () => {
  using world = await World.make();
  world.faulty.commits.push("stall");
  const writing = world.set("new", 3_000);
  await world.clock.untilSleeping(1);
  world.clock.pass(3_000);
  assert.deepEqual(await writing, { kind: "unknown" });
  assert.equal(await world.get(), null);
  world.faulty.resume();
  await world.faulty.landed;
  assert.equal(await world.get(), "new");
});

Deno.test("commit() is unknown when KV refuses the operation itself", async () => {
  using world = await World.make();
  const outcome = await world.set(new Uint8Array(70_000));
  assert.deepEqual(outcome, { kind: "unknown" });
});

Deno.test("isBusy() knows what Deno really throws when two processes write one file", () => {
  assert.equal(isBusy(new TypeError("database is locked")), true);
  assert.equal(isBusy(new Error("Error code 5: database is locked")), true);
  assert.equal(isBusy(new TypeError("disk I/O error")), false);
  assert.equal(isBusy("database is locked"), false);
});
