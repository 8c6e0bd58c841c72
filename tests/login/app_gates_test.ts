import assert from "node:assert/strict";
import { AppGates, GATE_VALUES } from "../../src/login/app_gates.ts";
import { failure, REAL_RANDOM, type TokenProcess, TokenWorld } from "../support/token_world.ts";

const APP = "an app";

function gatesOf(world: TokenWorld, { store }: TokenProcess): AppGates {
  const values = store.sealedValues(GATE_VALUES);
  assert(values !== null);
  return new AppGates(values, {
    clock: world.clock,
    random: REAL_RANDOM,
    owner: store,
    liveness: store.liveness,
  });
}

Deno.test("a gate is not closed over a login that has started and a revocation that has ended since the look", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const [first, second] = [gatesOf(world, process), gatesOf(world, process)];
  let isSent = false;
  const outcome = await first.whileClosed(APP, async () => {
    await second.noteLogin(APP);
    assert.equal(await second.whileClosed(APP, () => Promise.resolve(true), () => Promise.resolve(1)), 1);
    return true;
  }, () => Promise.resolve(isSent = true));
  assert.equal(outcome, null);
  assert.equal(isSent, false);
});

Deno.test("a login that a gate has not seen is an error, since a revocation could meet it", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const gates = gatesOf(world, process);
  process.kv.onCommit = () => "throw";
  assert.equal((await failure(gates.noteLogin(APP))).code, "store_unavailable");
  process.kv.onCommit = () => "land_and_lie";
  await gates.noteLogin(APP);
  process.kv.onCommit = () => "pass";
  await gates.noteLogin(APP);
});

Deno.test("nothing passes a gate while it is closed, and everything afterwards", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const gates = gatesOf(world, process);
  await gates.whileClosed(APP, () => Promise.resolve(true), async () => {
    assert.equal(await gates.passage(APP), null);
  });
  assert.notEqual(await gates.passage(APP), null);
});

Deno.test("a gate that a process has left closed when it was killed is open for the others of its machine", async () => {
  await using world = await TokenWorld.create();
  const [killed, other] = [await world.start(), await world.start()];
  const { promise: isClosed, resolve: onClosed } = Promise.withResolvers<void>();
  const revocation = gatesOf(world, killed).whileClosed(APP, () => Promise.resolve(true), () => {
    onClosed();
    return new Promise<never>(() => {});
  });
  revocation.catch(() => {});
  await isClosed;
  const gates = gatesOf(world, other);
  assert.equal(await gates.passage(APP), null);
  killed.kill();
  assert.notEqual(await gates.passage(APP), null);
});

Deno.test("a gate that another machine has left closed is open after a while, also for a process that has just started", async () => {
  await using world = await TokenWorld.create();
  const [first, other] = [await world.start(), await world.start()];
  const { promise: isClosed, resolve: onClosed } = Promise.withResolvers<void>();
  void gatesOf(world, first).whileClosed(APP, () => Promise.resolve(true), () => {
    onClosed();
    return new Promise<never>(() => {});
  });
  await isClosed;
  const values = other.store.sealedValues(GATE_VALUES);
  assert(values !== null);
  const elsewhere = { machine: "another", process: "another" };
  const options = {
    clock: world.clock,
    random: REAL_RANDOM,
    owner: elsewhere,
    liveness: other.store.liveness,
  };
  assert.equal(await new AppGates(values, options).passage(APP), null);
  world.age(6 * 60_000);
  assert.notEqual(await new AppGates(values, options).passage(APP), null);
});
