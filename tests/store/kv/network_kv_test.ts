import assert from "node:assert/strict";
import { NetworkKv } from "../../../src/store/kv/network_kv.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";

const URL = "https://kv.example";
const DEADLINE_MS = 5_000;

/** A handle of which a test sees whether it was closed. */
interface SeenHandle {
  readonly kv: Deno.Kv;
  isClosed: boolean;
}

/** A {@linkcode NetworkKv} whose openings go as a test says. */
class World implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly log = new RecordingLog();
  readonly handles: SeenHandle[] = [];
  /** What is consumed by one opening each; after that it works. */
  readonly openings: ("refused" | Promise<unknown>)[] = [];
  opened = 0;
  /** Whether {@linkcode hangingMinutes} have not ended. */
  isAway = true;
  #database: NetworkKv | null = null;

  static async create(): Promise<World> {
    const world = new World();
    const { clock, log } = world;
    world.#database = await NetworkKv.open({
      place: { kind: "remote", url: URL },
      openKv: (url) => world.#open(url),
      clock,
      random: TEST_RANDOM,
      log,
    });
    await world.call(() => Promise.resolve());
    return world;
  }

  get database(): NetworkKv {
    assert(this.#database !== null);
    return this.#database;
  }

  /** A call that has {@linkcode DEADLINE_MS} from now on. */
  call<T>(work: (kv: Deno.Kv) => Promise<T>): Promise<T> {
    return this.database.use(work, this.clock.monotonic() + DEADLINE_MS);
  }

  /** A call that never comes back meets its deadline. */
  async lose(): Promise<void> {
    void this.call(() => new Promise<never>(() => {}));
    await settled();
    this.clock.pass(DEADLINE_MS);
    this.database.gaveUp();
    await settled();
  }

  async #open(url: string | undefined): Promise<Deno.Kv> {
    assert.equal(url, URL);
    this.opened++;
    const opening = this.openings.shift();
    if (opening === "refused") throw new TypeError("client error (Connect)");
    await opening;
    const handle: SeenHandle = {
      isClosed: false,
      kv: { close: () => void (handle.isClosed = true) } as Deno.Kv,
    };
    this.handles.push(handle);
    return handle.kv;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.database.close();
    await settled();
    assert(this.handles.every(({ isClosed }) => isClosed));
    assert.equal(this.clock.sleeping, 0);
  }
}

/** Lets everything happen that waits for nothing but its turn. */
async function settled(): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve));
}

function kvOf(world: World): Promise<Deno.Kv> {
  return world.call((kv) => Promise.resolve(kv));
}

Deno.test("use() works on one handle as long as that answers", async () => {
  await using world = await World.create();
  assert.equal(await kvOf(world), await kvOf(world));
  assert.equal(world.opened, 1);
});

Deno.test("gaveUp() opens another handle, for the calls that wait too", async () => {
  await using world = await World.create();
  await world.lose();
  const waiting = kvOf(world);
  world.clock.pass(100);
  assert.equal(await waiting, world.handles[1]?.kv);
  assert.equal(world.opened, 2);
  world.log.only("store does not answer, opening it again");
  world.log.only("store open again");
});

Deno.test("gaveUp() leaves a handle on which nothing has met its deadline, or only what had waited for its turn", async () => {
  await using world = await World.create();
  const never = new Promise<never>(() => {});
  void world.database.use(() => never, world.clock.monotonic() + DEADLINE_MS);
  world.database.gaveUp();
  void world.database.use(() => never, world.clock.monotonic() + 10);
  await settled();
  world.clock.pass(20);
  world.database.gaveUp();
  await kvOf(world);
  assert.equal(world.opened, 1);
});

Deno.test("gaveUp() closes the old handle when the deadlines of all calls on it are over", async () => {
  await using world = await World.create();
  const late = Promise.withResolvers<string>();
  const lost = world.database.use(() => late.promise, world.clock.monotonic() + DEADLINE_MS + 2_000);
  await world.lose();
  const [old] = world.handles;
  assert.equal(old?.isClosed, false);
  world.clock.pass(1_999);
  await settled();
  assert.equal(old?.isClosed, false);
  world.clock.pass(1);
  await settled();
  assert.equal(old?.isClosed, true);
  late.resolve("answered late");
  assert.equal(await lost, "answered late");
});

Deno.test("gaveUp() closes the old handle as soon as all calls on it have come back", async () => {
  await using world = await World.create();
  const late = Promise.withResolvers<void>();
  const first = world.database.use(() => late.promise, world.clock.monotonic() + DEADLINE_MS);
  await settled();
  world.clock.pass(DEADLINE_MS);
  void world.database.use(() => late.promise, world.clock.monotonic() + DEADLINE_MS);
  await settled();
  world.database.gaveUp();
  late.resolve();
  await first;
  await settled();
  assert.equal(world.handles[0]?.isClosed, true);
});

Deno.test("a database that stays away is tried again one opening at a time, with growing pauses", async () => {
  await using world = await World.create();
  world.openings.push(...Array.from({ length: 8 }, () => "refused" as const));
  await world.lose();
  const pauses: number[] = [];
  for (let waitedMs = 0; world.handles.length === 1; waitedMs += 50) {
    const before = world.opened;
    world.clock.pass(50);
    await settled();
    if (world.opened === before) continue;
    assert.equal(world.opened, before + 1);
    pauses.push(waitedMs + 50);
    waitedMs = -50;
  }
  assert.deepEqual(pauses, [100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000, 2_000]);
});

Deno.test("an opening that hangs is waited for, however many calls give up meanwhile", async () => {
  await using world = await World.create();
  const answer = Promise.withResolvers<void>();
  world.openings.push(answer.promise);
  await world.lose();
  world.clock.pass(100);
  const calls: Promise<unknown>[] = [];
  for (let call = 0; call < 20; call++) {
    calls.push(kvOf(world));
    await settled();
    world.clock.pass(1_000);
    world.database.gaveUp();
  }
  assert.equal(world.opened, 2);
  answer.resolve();
  const outcomes = (await Promise.allSettled(calls)).map(({ status }) => status);
  // The last four still had time.
  assert.deepEqual(outcomes, [...Array(16).fill("rejected"), ...Array(4).fill("fulfilled")]);
});

Deno.test("use() begins nothing whose deadline is over when there is a handle again", async () => {
  await using world = await World.create();
  world.openings.push("refused");
  await world.lose();
  let begun = 0;
  const refused = assert.rejects(
    world.call(() => {
      begun++;
      return Promise.resolve();
    }),
    { code: "store_unavailable", message: /no answer in time/ },
  );
  await settled();
  world.clock.pass(DEADLINE_MS);
  await settled();
  await refused;
  assert.equal(begun, 0);
});

Deno.test("use() has at most 64 calls out, and the others go on in their order", async () => {
  await using world = await World.create();
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const calls = Array.from({ length: 70 }, (_, number) =>
    world.call(() => {
      begun.push(number);
      return new Promise<void>((resolve) => ends.push(resolve));
    }));
  await settled();
  assert.equal(begun.length, 64);
  while (begun.length < 70) {
    ends.shift()?.();
    await settled();
  }
  for (const end of ends) end();
  await Promise.all(calls);
  assert.deepEqual(begun, Array.from({ length: 70 }, (_, number) => number));
});

Deno.test("use() tries one call alone on a handle that was just opened", async () => {
  await using world = await World.create();
  await world.lose();
  let begun = 0;
  const first = Promise.withResolvers<void>();
  const calls = Array.from({ length: 10 }, () =>
    world.call(() => {
      begun++;
      return first.promise;
    }));
  world.clock.pass(100);
  await settled();
  assert.equal(begun, 1);
  first.resolve();
  await Promise.all(calls);
  assert.equal(begun, 10);
});

Deno.test("close() ends what waits, and a handle that opens afterwards is closed", async () => {
  await using world = await World.create();
  const answer = Promise.withResolvers<void>();
  world.openings.push(answer.promise);
  await world.lose();
  const refused = assert.rejects(kvOf(world), { code: "store_unavailable", message: /it was closed/ });
  world.clock.pass(100);
  await settled();
  world.database.close();
  await refused;
  answer.resolve();
  await settled();
  assert.equal(world.handles[1]?.isClosed, true);
});

/** Minutes of a database that opens, and then never ends a call. Returns how many calls were begun in each. */
async function hangingMinutes(world: World, minutes: number): Promise<number[]> {
  const begun: number[] = Array(minutes).fill(0);
  for (let second = 0; second < 60 * minutes; second++) {
    for (let call = 0; call < 5; call++) {
      const work = (): Promise<never> => {
        begun[Math.floor(second / 60)]!++;
        return world.isAway
          ? new Promise<never>(() => {})
          : Promise.reject(new Error("Nobody waits for this"));
      };
      void world.call(work).catch(() => {});
    }
    await settled();
    world.clock.pass(1_000);
    world.database.gaveUp();
    await settled();
  }
  return begun;
}

Deno.test("a database that opens and never answers is called ever more rarely", async () => {
  await using world = await World.create();
  const [first = 0, ...later] = await hangingMinutes(world, 6);
  // Five a second until the first has met its deadline; then one for each handle that was opened in vain.
  assert(first <= 25 + 5, `${first}`);
  assert(later.every((calls) => calls <= 2), later.join());
});

Deno.test("a database that was opened in vain is opened soon when a call that was out comes through", async () => {
  await using world = await World.create();
  const stuck = Promise.withResolvers<void>();
  const lost = world.database.use(() => stuck.promise, world.clock.monotonic() + 1_000);
  await hangingMinutes(world, 5);
  const isOpen = (): boolean => world.handles.some(({ isClosed }) => !isClosed);
  for (let waitedMs = 0; isOpen(); waitedMs += 1_000) {
    assert(waitedMs < 10_000);
    world.clock.pass(1_000);
    world.database.gaveUp();
    await settled();
  }
  // In the middle of a pause of a minute.
  world.isAway = false;
  const answer = kvOf(world);
  stuck.resolve();
  await lost;
  assert(await answer);
});
