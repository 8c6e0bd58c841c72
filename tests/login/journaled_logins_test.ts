import assert from "node:assert/strict";
import { decide, finishLogin, startLogin } from "../support/login_world.ts";
import { TokenWorld } from "../support/token_world.ts";

Deno.test("another machine does not call a login lost whose pair is in the journal of the first", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const other = await world.start({ withoutJournal: true });
  const started = await startLogin(world, process);
  await decide(world, started);
  process.kv.onCommit = ({ slots }) => slots.join() === "token" ? "conflict" : "pass";
  await world.fault({ path: "user_info", kind: "http", status: 503 });
  assert.equal((await finishLogin(world, process, started)).kind, "pending");
  assert.equal((await finishLogin(world, other, started)).kind, "pending");
  process.kv.onCommit = () => "pass";
  await world.clearFaults();
  await world.until(async () => (await finishLogin(world, process, started)).kind === "done");
});
