import assert from "node:assert/strict";
import type { Clock } from "../../src/ports/clock.ts";
import { decide, finishLogin, startLogin } from "../support/login_world.ts";
import { failure, TokenWorld } from "../support/token_world.ts";

/** The clock of a machine whose wall clock is off by `ms`. */
function offBy(world: TokenWorld, ms: number): Clock {
  return {
    now: () => world.clock.now() + ms,
    monotonic: () => world.clock.monotonic(),
    sleep: (sleepMs, signal) => world.clock.sleep(sleepMs, signal),
  };
}

Deno.test("a machine whose clock is behind does not give up a login because Feishu is busy", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await startLogin(world, process);
  await decide(world, started);
  await world.fault({ path: "user_info", kind: "http", status: 503 });
  const first = await finishLogin(world, process, started);
  assert(first.kind === "pending" && first.isApproved);
  const behind = await world.start({ clock: offBy(world, -120_000) });
  assert.equal((await finishLogin(world, behind, started)).kind, "pending");
  await world.clearFaults();
  assert.equal((await finishLogin(world, behind, started)).kind, "done");
});

Deno.test("a login whose access token Feishu has ended fails at once", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await startLogin(world, process);
  await decide(world, started);
  await world.fault({ path: "user_info", kind: "refuse", code: 99991668, status: 400 });
  assert.equal((await failure(finishLogin(world, process, started))).code, "login_expired");
  await world.clearFaults();
  assert.equal((await failure(finishLogin(world, process, started))).code, "login_expired");
});
