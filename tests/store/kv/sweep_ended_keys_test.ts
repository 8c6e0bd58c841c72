import assert from "node:assert/strict";
import { defined } from "../../../src/defined.ts";
import { DenoKv } from "../../../src/store/kv/deno_kv.ts";
import { type KvDatabase, OneHandle } from "../../../src/store/kv/kv_database.ts";
import { keepSweeping, sweepEndedKeys } from "../../../src/store/kv/sweep_ended_keys.ts";
import { eventually } from "../../support/eventually.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";
import { FaultyKv } from "./faulty_kv.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** A database that is not told of ends. */
class World implements Disposable {
  readonly clock = new ManualClock();
  readonly log = new RecordingLog();
  readonly faulty: FaultyKv;
  readonly kv: DenoKv;
  readonly #stop = new AbortController();

  private constructor(real: Deno.Kv) {
    this.faulty = new FaultyKv(real);
    const database: KvDatabase = Object.assign(new OneHandle(this.faulty.kv), { takesEnds: false });
    this.kv = new DenoKv({ database, clock: this.clock, random: TEST_RANDOM, log: this.log });
  }

  static async make(): Promise<World> {
    return new World(await Deno.openKv(":memory:"));
  }

  async set(name: string, endsInMs?: number): Promise<void> {
    const key = ["feishu-token", "test", name];
    await this.kv.commit({
      sets: [{ key, value: name, ...defined({ expireIn: endsInMs }) }],
      deadlineMs: 3_000,
    });
  }

  /** Every key that a test has set and that is still there, and the ends noted. */
  async keys(): Promise<string[]> {
    const keys = await Array.fromAsync(
      this.faulty.kv.list({ prefix: [] }),
      ({ key }) => key.slice(1).join("/"),
    );
    return keys.filter((key) => key !== "swept");
  }

  sweep(): Promise<void> {
    return sweepEndedKeys(this);
  }

  /** Starts a process that has run for a minute by now. */
  keepSweeping(): Promise<void> {
    const sweeping = keepSweeping(this, this.#stop.signal);
    this.clock.pass(60_000);
    return sweeping;
  }

  /** Resolves when `event` was logged so often, and all `processes` do nothing more until the next day. */
  async restsAfter(event: string, { times = 1, processes = 1 } = {}): Promise<void> {
    const count = (): number => this.log.lines.filter((line) => line.event === event).length;
    await eventually(
      () => `"${event}" ${times} times, and rest`,
      () => count() >= times && this.clock.sleeping === processes,
    );
  }

  stop(): void {
    this.#stop.abort();
  }

  [Symbol.dispose](): void {
    this.faulty.kv.close();
  }
}

Deno.test("sweepEndedKeys() deletes what has ended, and its end, and nothing else", async () => {
  using world = await World.make();
  await world.set("for-ever");
  await world.set("past", 1_000);
  await world.set("future", 1_001);
  world.clock.pass(1_000);
  await world.sweep();
  assert.deepEqual(await world.keys(), ["end/test/future", "test/for-ever", "test/future"]);
});

Deno.test("sweepEndedKeys() leaves a key that is written again while it looks", async () => {
  using world = await World.make();
  await world.set("past", 1_000);
  world.clock.pass(1_000);
  world.faulty.commits.push("stall");
  const sweeping = world.sweep();
  await world.faulty.reached;
  await world.set("past", 5_000);
  world.faulty.resume();
  await sweeping;
  assert.deepEqual(await world.keys(), ["end/test/past", "test/past"]);
});

Deno.test("sweepEndedKeys() goes through more keys than one batch has", async () => {
  using world = await World.make();
  for (let number = 0; number < 1_201; number++) await world.set(`${number}`, 1_000);
  world.clock.pass(1_000);
  await world.sweep();
  assert.deepEqual(await world.keys(), []);
});

Deno.test("keepSweeping() sweeps a minute after a start, and again a day later", async () => {
  using world = await World.make();
  await world.set("past", 0);
  const sweeping = world.keepSweeping();
  await world.restsAfter("ended keys swept");
  assert.deepEqual(await world.keys(), []);
  await world.set("past", 0);
  world.clock.pass(DAY_MS);
  await world.restsAfter("ended keys swept", { times: 2 });
  assert.deepEqual(await world.keys(), []);
  world.stop();
  await sweeping;
});

Deno.test("keepSweeping() leaves it to the process that has swept today", async () => {
  using world = await World.make();
  const first = world.keepSweeping();
  await world.restsAfter("ended keys swept");
  await world.set("past", 0);
  const second = world.keepSweeping();
  await world.restsAfter("ended keys swept by another process", { processes: 2 });
  assert.deepEqual(await world.keys(), ["end/test/past", "test/past"]);
  world.stop();
  await Promise.all([first, second]);
});

Deno.test("keepSweeping() survives a database that fails, and goes on the next day", async () => {
  using world = await World.make();
  await world.set("past", 0);
  world.faulty.reads.push("broken");
  const sweeping = world.keepSweeping();
  await world.restsAfter("ended keys not swept");
  assert.deepEqual(await world.keys(), ["end/test/past", "test/past"]);
  world.clock.pass(DAY_MS);
  await world.restsAfter("ended keys swept");
  assert.deepEqual(await world.keys(), []);
  world.stop();
  await sweeping;
});
