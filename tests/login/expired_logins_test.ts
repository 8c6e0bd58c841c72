import assert from "node:assert/strict";
import { decide, finishLogin, startLogin } from "../support/login_world.ts";
import { failure, TokenWorld } from "../support/token_world.ts";

const PAST_LEASE_MS = 41_000;

Deno.test("a code that Feishu does not know any more is an expired login, where no answer was lost", async () => {
  await using world = await TokenWorld.create();
  await world.control("POST", "behaviour", { expired_device_code_unknown: true });
  const process = await world.start();
  const started = await startLogin(world, process);
  assert.equal((await finishLogin(world, process, started)).kind, "pending");
  world.age(601_000);
  assert.equal((await failure(finishLogin(world, process, started))).code, "login_expired");
});

Deno.test("answer_lost_then_20079: a code that is unknown after a lost answer is a login of unknown outcome", async () => {
  await using world = await TokenWorld.create();
  await world.control("POST", "behaviour", { expired_device_code_unknown: true });
  const process = await world.start();
  const started = await startLogin(world, process);
  await decide(world, started);
  await world.fault({ path: "oauth/token", kind: "drop_after", times: 1 });
  assert.equal((await finishLogin(world, process, started)).kind, "pending");
  process.kill();
  const next = await world.start();
  world.age(PAST_LEASE_MS);
  assert.equal((await failure(finishLogin(world, next, started))).code, "login_outcome_unknown");
  assert.equal((await failure(finishLogin(world, next, started))).code, "login_outcome_unknown");
});

Deno.test("a person who says no after an answer was lost has said no", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await startLogin(world, process);
  await world.fault({ path: "oauth/token", kind: "drop_before", times: 1 });
  assert.equal((await finishLogin(world, process, started)).kind, "pending");
  process.kill();
  await decide(world, started, { action: "deny" });
  const next = await world.start();
  world.age(PAST_LEASE_MS);
  assert.equal((await failure(finishLogin(world, next, started))).code, "login_denied");
});
