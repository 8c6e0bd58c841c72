import assert from "node:assert/strict";
import type { KeptLogin } from "../../src/ports/logins.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { localCall, logIn } from "../support/login_world.ts";
import { type TokenProcess, TokenWorld } from "../support/token_world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;

async function keep(world: TokenWorld, { logins }: TokenProcess): Promise<readonly KeptLogin[]> {
  return (await logins.keep([world.credentials], localCall(world))).renewed;
}

/** The clock of a machine whose wall clock is off by `ms`. */
function offBy(world: TokenWorld, ms: number): Clock {
  return {
    now: () => world.clock.now() + ms,
    monotonic: () => world.clock.monotonic(),
    sleep: (sleepMs, signal) => world.clock.sleep(sleepMs, signal),
  };
}

Deno.test("a look by a clock that is a year ahead does not end the renewals of a login", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process);
  await keep(world, await world.start({ clock: offBy(world, YEAR_MS) }));
  world.age(5 * DAY_MS);
  assert.equal((await keep(world, process)).length, 1);
});

Deno.test("a login that a clock ahead of the others has renewed is renewed in time by the others", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process);
  const clock = offBy(world, 5 * DAY_MS);
  const ahead = await world.start({ clock, feishu: world.feishu(clock) });
  assert.equal((await keep(world, ahead)).length, 1);
  world.age(DAY_MS);
  assert.equal((await keep(world, process)).length, 1);
  // Not in turns.
  assert.equal((await keep(world, ahead)).length, 1);
  assert.equal((await keep(world, process)).length, 0);
});
