import assert from "node:assert/strict";
import { localCall, logIn } from "../support/login_world.ts";
import { TokenWorld } from "../support/token_world.ts";

const DAY_MS = 24 * 3_600_000;

Deno.test("a login that Feishu does not renew for a setting of the app is not asked for every minute, and says why", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process);
  await world.control("POST", "behaviour", { refresh_enabled: false });
  const before = (await world.refreshCalls()).length;
  world.age(5 * DAY_MS);
  const first = await process.logins.keep([world.credentials], localCall(world));
  assert.equal(first.failed[0]?.problem?.detail.feishuCode, 20074);
  await process.logins.keep([world.credentials], localCall(world));
  assert.equal((await world.refreshCalls()).length, before + 1);
});

Deno.test("revoked_during_keep_alive: a refused login is asked for once, and named by every later report", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { login } = await logIn(world, process);
  await world.control("POST", "behaviour", { second_login_kills_first: true });
  // A login that this server does not keep ends the one that it keeps.
  await world.login("v2", { user: login.user.openId });
  const before = (await world.refreshCalls()).length;
  world.age(5 * DAY_MS);
  await process.logins.keep([world.credentials], localCall(world));
  const { failed, ending } = await process.logins.keep([world.credentials], localCall(world));
  assert.deepEqual(failed, []);
  assert.equal(ending.length, 1);
  assert.equal((await world.refreshCalls()).length, before + 1);
});

Deno.test("the_year_is_over: a login is not renewed after its year, and says so", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process);
  const started = world.clock.now();
  while (world.clock.now() < started + 364 * DAY_MS) {
    world.age(5 * DAY_MS);
    await process.logins.keep([world.credentials], localCall(world));
  }
  const { length } = await world.refreshCalls();
  assert(length < 110, `renewed ${length} times in a year`);
  world.age(2 * DAY_MS);
  const { ending } = await process.logins.keep([world.credentials], localCall(world));
  assert.equal(ending[0]?.needsLogin, true);
});

Deno.test("second_login_kills_first_family: keep-alive renews the later login", async () => {
  await using world = await TokenWorld.create();
  await world.control("POST", "behaviour", { second_login_kills_first: true });
  const process = await world.start();
  await logIn(world, process);
  world.age(60_000);
  await logIn(world, await world.start());
  world.age(5 * DAY_MS);
  const { renewed, failed } = await process.logins.keep([world.credentials], localCall(world));
  assert.deepEqual([renewed.length, failed.length], [1, 0]);
});
