import assert from "node:assert/strict";
import { localCall, logIn } from "../support/login_world.ts";
import { loseRecords } from "../support/lose_records.ts";
import { TokenWorld } from "../support/token_world.ts";

Deno.test("a login that the store has lost is found again by a process that remembers it", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process);
  await loseRecords(process.kv);
  const { accessToken } = await process.logins.userToken(
    world.credentials,
    { minTtlMs: 300_000 },
    localCall(world),
  );
  assert.equal(await world.apiCode("user", accessToken), 0);
  assert.equal((await process.logins.list(world.credentials, localCall(world))).length, 1);
});

Deno.test("a login that was ended by another process is not found again by one that remembers it", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process);
  await process.logins.userToken(world.credentials, { minTtlMs: 300_000 }, localCall(world));
  await (await world.start()).logins.logout(world.credentials, undefined, localCall(world));
  assert.deepEqual(await process.logins.list(world.credentials, localCall(world)), []);
});
