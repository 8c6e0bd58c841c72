import assert from "node:assert/strict";
import { localCall, logIn } from "../support/login_world.ts";
import type { CommitFate } from "../support/interceptable_kv.ts";
import { TokenWorld } from "../support/token_world.ts";

const HOUR_MS = 3_600_000;

Deno.test("a logout revokes the pair that it ends, not the one that a renewal has just spent", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const other = await world.start();
  await logIn(world, process);
  world.age(3 * HOUR_MS);
  let renewed = false;
  process.kv.onCommit = async ({ slots }): Promise<CommitFate> => {
    if (renewed || !slots.includes("token")) return "pass";
    renewed = true;
    await other.logins.userToken(world.credentials, { minTtlMs: 0 }, localCall(world));
    return "pass";
  };
  const { upstream } = await process.logins.logout(world.credentials, undefined, localCall(world));
  assert(renewed);
  assert.equal(upstream, "revoked");
  const revoked = (await world.calls("revoke")).at(-1)?.presented;
  const spent = (await world.refreshCalls()).filter(({ path }) => path.includes("oauth/token"))
    .map(({ presented }) => presented);
  assert(revoked !== undefined && !spent.includes(revoked));
});
