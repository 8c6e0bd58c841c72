import assert from "node:assert/strict";
import { decide } from "../support/login_world.ts";
import { failure, TokenWorld } from "../support/token_world.ts";

Deno.test("a wrong app secret is told nothing of the login that waits for those who have the right one", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const call = { ...world.call(), owner: "session" as const };
  const started = await process.logins.start(world.credentials, {}, call);
  const { code } = await failure(process.logins.start(world.wrongCredentials, {}, call));
  assert.equal(code, "credentials_refused");
  // Nor is the wrong secret used for the others' logins.
  process.work();
  await decide(world, started);
  world.age(6_000);
  await world.until(async () => (await process.logins.list(world.credentials, call)).length === 1);
});
