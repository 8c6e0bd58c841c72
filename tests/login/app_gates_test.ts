import assert from "node:assert/strict";
import { AppGates, GATE_VALUES } from "../../src/login/app_gates.ts";
import { failure, REAL_RANDOM, type TokenProcess, TokenWorld } from "../support/token_world.ts";

const APP = "an app";

function gatesOf(world: TokenWorld, { store }: TokenProcess): AppGates {
  const values = store.sealedValues(GATE_VALUES);
  assert(values !== null);
  return new AppGates(values, { clock: world.clock, random: REAL_RANDOM });
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
