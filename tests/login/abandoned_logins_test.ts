import assert from "node:assert/strict";
import { decide, finishLogin, localCall, startLogin } from "../support/login_world.ts";
import { TokenWorld } from "../support/token_world.ts";

const HOUR_MS = 3_600_000;

Deno.test("a login that was approved is finished by a process that starts days after the one that had its pair has died", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await startLogin(world, process);
  await decide(world, started);
  // The store takes everything but the grant.
  process.kv.onCommit = ({ slots }) =>
    slots.includes("token") && slots.includes("value") ? "conflict" : "pass";
  assert.equal((await finishLogin(world, process, started)).kind, "pending");
  process.kill();
  world.age(49 * HOUR_MS);
  const next = await world.start();
  const progress = await finishLogin(world, next, started);
  assert.equal(progress.kind, "done");
  const { accessToken } = await next.logins.userToken(world.credentials, { minTtlMs: 0 }, localCall(world));
  assert.equal(await world.apiCode("user", accessToken), 0);
});
