import assert from "node:assert/strict";
import type { KeptLogin } from "../../src/ports/logins.ts";
import { localCall, logIn } from "../support/login_world.ts";
import { type TokenProcess, TokenWorld } from "../support/token_world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function refreshes(world: TokenWorld): Promise<number> {
  return (await world.refreshCalls()).filter(({ path }) => path.includes("oauth/token")).length;
}

async function keep(world: TokenWorld, { logins }: TokenProcess): Promise<readonly KeptLogin[]> {
  return (await logins.keep([world.credentials], localCall(world))).renewed;
}

Deno.test("an idle login is renewed although the answer to an earlier renewal was lost", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { login } = await logIn(world, process);
  const before = await refreshes(world);
  world.age((login.nextRenewalAtMs ?? 0) - world.clock.now() + 1_000);
  await world.fault({ path: "oauth/token", kind: "drop_before", times: 1 });
  assert.equal((await keep(world, process)).length, 0);
  assert.equal(await refreshes(world), before + 1);
  // Long after the lease has ended. The refresh token was never spent.
  world.age(2 * HOUR_MS);
  assert.equal((await keep(world, process)).length, 1);
});

Deno.test("an idle login is renewed although the process that was at it has died", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { login } = await logIn(world, process);
  world.age((login.nextRenewalAtMs ?? 0) - world.clock.now() + 1_000);
  await world.fault({ path: "oauth/token", kind: "drop_before", times: 1 });
  await keep(world, process);
  process.kill();
  const next = await world.start();
  world.age(DAY_MS);
  assert.equal((await keep(world, next)).length, 1);
});
