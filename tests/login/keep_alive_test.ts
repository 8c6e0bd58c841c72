import assert from "node:assert/strict";
import { HeldFeishu } from "../support/held_feishu.ts";
import { localCall, logIn } from "../support/login_world.ts";
import { failure, type TokenProcess, TokenWorld } from "../support/token_world.ts";

const DAY_MS = 24 * 3_600_000;

/** Refreshes that the sandbox has answered. */
async function renewals(world: TokenWorld): Promise<number> {
  return (await world.calls("oauth/token")).length;
}

async function logInMany(world: TokenWorld, process: TokenProcess, count: number): Promise<void> {
  for (let person = 0; person < count; person++) {
    await logIn(world, process, { user: `person ${person}` }, { another: true });
  }
}

Deno.test("an idle login is renewed at half of its refresh token's life, once, by any of several processes", async () => {
  await using world = await TokenWorld.create();
  const processes = [await world.start(), await world.start(), await world.start()];
  const [first] = processes;
  assert(first !== undefined);
  await logIn(world, first);
  const before = await renewals(world);
  for (const process of processes) process.work();
  world.age(2.5 * DAY_MS);
  await Promise.all(processes.map((each) => each.logins.keep([world.credentials], localCall(world))));
  assert.equal(await renewals(world), before);
  world.age(2 * DAY_MS);
  await world.until(async () => await renewals(world) > before);
  await Promise.all(processes.map((each) => each.logins.keep([world.credentials], localCall(world))));
  assert.equal(await renewals(world), before + 1);
});

Deno.test("an idle login lives for a year, and not a day longer", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { login } = await logIn(world, process);
  assert(login.loginEndsAtMs !== undefined);
  let isAlive = true;
  let days = 0;
  for (; days < 400 && isAlive; days += 3) {
    world.age(3 * DAY_MS);
    await process.logins.keep([world.credentials], localCall(world));
    const token = process.logins.userToken(world.credentials, { minTtlMs: 0 }, localCall(world));
    isAlive = await token.then(() => true, () => false);
  }
  assert(days >= 363 && days <= 372, `it lived ${days} days`);
  // Once every three days and a half, give or take a tenth of the week, and not more often near the end.
  const count = (await world.calls("oauth/token")).filter(({ outcome }) => outcome === "accepted").length;
  assert(count < 365 / 2.8 + 2, `it was renewed ${count} times`);
  const error = await failure(process.logins.userToken(world.credentials, { minTtlMs: 0 }, localCall(world)));
  assert.equal(error.row.kind, "login");
  assert.match(error.sentence(), /start_feishu_login/);
});

Deno.test("K1 thousand_due_three_instances: each of many is renewed once", async () => {
  await using world = await TokenWorld.create();
  const processes = [await world.start(), await world.start(), await world.start()];
  await logInMany(world, processes[0] as TokenProcess, 24);
  const before = await renewals(world);
  world.age(5 * DAY_MS);
  const rounds = processes.map((each) => each.logins.keep([world.credentials], localCall(world)));
  const renewed = (await Promise.all(rounds)).map((report) => report.renewed.length);
  assert.equal(renewed.reduce((sum, each) => sum + each), 24);
  assert.equal(await renewals(world), before + 24);
});

Deno.test("K2 keep_alive_meets_caller: they share one renewal", async () => {
  await using world = await TokenWorld.create();
  const feishu = new HeldFeishu(world);
  const process = await world.start({ feishu: feishu.port });
  await logIn(world, process);
  const before = await renewals(world);
  world.age(5 * DAY_MS);
  const renewal = feishu.hold("refreshUserToken");
  const kept = process.logins.keep([world.credentials], localCall(world));
  await renewal.reached;
  const asked = process.logins.userToken(world.credentials, { minTtlMs: 300_000 }, localCall(world));
  renewal.release();
  await kept;
  assert.equal(await world.apiCode("user", (await asked).accessToken), 0);
  assert.equal(await renewals(world), before + 1);
});

Deno.test("K3 woke_up_late: after a long sleep those that end soonest are renewed first", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process, { user: "soon" });
  world.age(DAY_MS);
  await logIn(world, process, { user: "between" }, { another: true });
  world.age(DAY_MS);
  await logIn(world, process, { user: "late" }, { another: true });
  world.age(4.9 * DAY_MS);
  const { renewed } = await process.logins.keep([world.credentials], localCall(world));
  assert.deepEqual(renewed.map(({ user }) => user.name), ["soon", "between", "late"]);
});

Deno.test("a process that may end in a moment renews only what ends within a day", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process, { user: "soon" });
  world.age(1.5 * DAY_MS);
  await logIn(world, process, { user: "late" }, { another: true });
  const before = await renewals(world);
  const short = await world.start({ isShortLived: () => true });
  short.work();
  // Both are due, and one of them ends within a day.
  world.age(4.7 * DAY_MS);
  await world.until(async () => await renewals(world) > before);
  await short.tokens.drain();
  const logins = await process.logins.list(null, localCall(world));
  const isFresh = logins.map(({ user, lastRenewedAtMs }) => [
    user.name,
    world.clock.now() - lastRenewedAtMs < DAY_MS,
  ]);
  assert.deepEqual(Object.fromEntries(isFresh), { soon: true, late: false });
});

Deno.test("keep names the logins of apps whose secret it lacks, and those that end soon", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process);
  const stranger = await world.start({ own: [] });
  const report = await stranger.logins.keep([], localCall(world));
  assert.equal(report.withoutSecret.length, 1);
  assert.equal(report.ending.length, 0);
  world.age(8 * DAY_MS);
  const late = await stranger.logins.keep([], localCall(world));
  assert.equal(late.ending.length, 1);
  assert.equal(late.ending[0]?.needsLogin, true);
});
