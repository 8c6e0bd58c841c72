import assert from "node:assert/strict";
import { AcceptingServer, type Listener } from "../../../src/http/listening/accepting_server.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { ManualClock } from "../../support/manual_clock.ts";

/** As Deno tells it: the text may hold anything, the system's number is its end. */
const EXHAUSTED = new Deno.errors.Http("planted: Too many open files (os error 24)");

/** A listener that fails when it is told to. */
class FakeListener implements Listener {
  readonly #finished = Promise.withResolvers<void>();
  shutdowns = 0;
  /** What its shutdown waits for. */
  closed: Promise<void> = Promise.resolve();

  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  async fail(error: Error = EXHAUSTED): Promise<void> {
    this.#finished.reject(error);
    await settle();
  }

  shutdown(): Promise<void> {
    this.shutdowns += 1;
    return this.closed;
  }
}

interface World {
  readonly server: AcceptingServer;
  readonly listeners: FakeListener[];
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  /** What listening again throws, while it is set. */
  refusal: Error | undefined;
}

function make(): World {
  const [clock, log, first] = [new ManualClock(), new RecordingLog(), new FakeListener()];
  const world: World = {
    clock,
    log,
    listeners: [first],
    refusal: undefined,
    server: new AcceptingServer(first, {
      clock,
      log,
      listenAgain(): Listener {
        if (world.refusal !== undefined) throw world.refusal;
        const listener = new FakeListener();
        world.listeners.push(listener);
        return listener;
      },
    }),
  };
  return world;
}

/** Lets promises that are settled call back. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

async function pause(clock: ManualClock): Promise<void> {
  clock.pass(500);
  await settle();
}

Deno.test("AcceptingServer listens again after a pause, and leaves what was accepted alone", async () => {
  const { listeners, clock, log } = make();
  await listeners[0]?.fail();
  assert.equal(listeners.length, 1);
  await pause(clock);
  assert.deepEqual([listeners.length, listeners[0]?.shutdowns], [2, 0]);
  const [line] = log.lines;
  assert.deepEqual([line?.level, line?.fields], ["error", { error: "Http", os_error: 24 }]);
});

Deno.test("AcceptingServer tries on while it cannot even listen, and logs that once in ten seconds", async () => {
  const world = make();
  const { listeners, clock, log } = world;
  world.refusal = new Deno.errors.AddrInUse("planted");
  await listeners[0]?.fail();
  for (let i = 0; i < 12; i++) await pause(clock);
  world.refusal = undefined;
  await pause(clock);
  assert.deepEqual([listeners.length, log.lines.length], [2, 1]);
});

Deno.test("AcceptingServer closes its oldest connections without a request when it fails for ten seconds", async () => {
  const { listeners, clock } = make();
  for (let i = 0; i < 20; i++) {
    await listeners.at(-1)?.fail();
    await pause(clock);
  }
  assert.deepEqual(listeners.map(({ shutdowns }) => shutdowns), new Array(21).fill(0));
  await listeners.at(-1)?.fail();
  assert.deepEqual(listeners.map(({ shutdowns }) => shutdowns), [1, ...new Array(20).fill(0)]);
});

Deno.test("AcceptingServer shuts down every listener, also those that have failed, and listens no more", async () => {
  const { server, listeners, clock } = make();
  await listeners[0]?.fail();
  await pause(clock);
  await listeners[1]?.fail();
  await server.shutdown();
  await pause(clock);
  assert.deepEqual(listeners.map(({ shutdowns }) => shutdowns), [1, 1]);
  assert.equal(clock.sleeping, 0);
});

Deno.test("AcceptingServer waits at its end for listeners that it has given up, and for none that fails", async () => {
  const { server, listeners, clock } = make();
  const oldest = Promise.withResolvers<void>();
  if (listeners[0] !== undefined) listeners[0].closed = oldest.promise;
  for (let at = 0; at < 21; at++) {
    await listeners[at]?.fail();
    await pause(clock);
  }
  assert.equal(listeners[0]?.shutdowns, 1);
  const last = listeners.at(-1);
  if (last !== undefined) last.closed = Promise.reject(EXHAUSTED);
  let isOver = false;
  const over = server.shutdown().then(() => isOver = true);
  await settle();
  assert.equal(isOver, false);
  oldest.resolve();
  await over;
});
