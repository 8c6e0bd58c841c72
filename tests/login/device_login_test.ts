import assert from "node:assert/strict";
import { decide, finishLogin, localCall, logIn, startLogin } from "../support/login_world.ts";
import { failure, TokenWorld } from "../support/token_world.ts";

const HOUR_MS = 3_600_000;

Deno.test("a person who approves is logged in, and their token works", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { login, missingScopes } = await logIn(world, process);
  assert.equal(login.user.name, "ann");
  assert.equal(login.renewable, true);
  assert.deepEqual(missingScopes, []);
  const { accessToken, user } = await process.logins.userToken(
    world.credentials,
    { minTtlMs: 300_000 },
    localCall(world),
  );
  assert.equal(user.openId, login.user.openId);
  assert.equal(await world.apiCode("user", accessToken), 0);
});

Deno.test("a login that nobody has decided is pending, and keeps its pace", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await startLogin(world, process);
  const first = await finishLogin(world, process, started);
  assert.equal(first.kind, "pending");
  assert.equal((await finishLogin(world, process, started)).kind, "pending");
  assert.equal((await world.calls("oauth/token")).length, 1);
  world.age(5_000);
  assert.equal((await finishLogin(world, process, started)).kind, "pending");
  assert.equal((await world.calls("oauth/token")).length, 2);
});

Deno.test("a person who says no is told so at every call for a day", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await startLogin(world, process);
  await decide(world, started, { action: "deny" });
  assert.equal((await failure(finishLogin(world, process, started))).code, "login_denied");
  world.age(23 * HOUR_MS);
  assert.equal((await failure(finishLogin(world, await world.start(), started))).code, "login_denied");
});

Deno.test("a kept login goes on for as long as it is renewed, and ends with the logout", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { login } = await logIn(world, process);
  world.age(3 * HOUR_MS);
  const { accessToken } = await process.logins.userToken(
    world.credentials,
    { minTtlMs: 0 },
    localCall(world),
  );
  assert.equal(await world.apiCode("user", accessToken), 0);
  const { upstream } = await process.logins.logout(world.credentials, "Ann", localCall(world));
  assert.equal(upstream, "revoked");
  assert.notEqual(await world.apiCode("user", accessToken), 0);
  const error = await failure(
    process.logins.userToken(world.credentials, { user: login.user.openId, minTtlMs: 0 }, localCall(world)),
  );
  assert.equal(error.code, "not_logged_in");
});
