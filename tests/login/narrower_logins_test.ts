import assert from "node:assert/strict";
import type { Clock } from "../../src/ports/clock.ts";
import { decide, finishLogin, localCall, logIn, startLogin } from "../support/login_world.ts";
import { TokenWorld } from "../support/token_world.ts";

Deno.test("the login that is kept instead of a narrower one is renewed once, also by a clock that is behind", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process, {}, { scopes: ["docx:document"] });
  const started = await startLogin(world, process);
  await decide(world, started, { scope: "offline_access auth:user.id:read" });
  assert.equal((await finishLogin(world, process, started)).kind, "narrower");
  const before = (await world.refreshCalls()).length;
  const clock: Clock = {
    now: () => world.clock.now() - 3_600_000,
    monotonic: () => world.clock.monotonic(),
    sleep: (ms, signal) => world.clock.sleep(ms, signal),
  };
  const behind = await world.start({ clock, feishu: world.feishu(clock) });
  const progress = await finishLogin(world, behind, started, { replace: false });
  assert.equal((await world.refreshCalls()).length, before + 1);
  assert(progress.kind === "done");
  assert.equal(progress.warning?.code, "login_narrower_dropped");
});

Deno.test("a renewal from before the narrower login, by a clock that is ahead, is no proof that the kept one lives", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const clock: Clock = {
    now: () => world.clock.now() + 1_800_000,
    monotonic: () => world.clock.monotonic(),
    sleep: (ms, signal) => world.clock.sleep(ms, signal),
  };
  const ahead = await world.start({ clock, feishu: world.feishu(clock) });
  await logIn(world, ahead, {}, { scopes: ["docx:document"] });
  await world.control("POST", "behaviour", { second_login_kills_first: true });
  const started = await startLogin(world, process);
  await decide(world, started, { scope: "offline_access auth:user.id:read" });
  assert.equal((await finishLogin(world, process, started)).kind, "narrower");
  // Feishu has ended the kept one, so that the new one takes its place.
  const progress = await finishLogin(world, process, started, { replace: false });
  assert(progress.kind === "done");
  assert.equal(progress.warning, undefined);
  world.age(3 * 3_600_000);
  const { scope } = await process.logins.userToken(world.credentials, { minTtlMs: 0 }, localCall(world));
  assert(!scope.includes("docx:document"));
});
