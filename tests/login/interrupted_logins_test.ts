import assert from "node:assert/strict";
import { decide, finishLogin, localCall, logIn, startLogin } from "../support/login_world.ts";
import { failure, TokenWorld } from "../support/token_world.ts";

Deno.test("a logout in the middle of a login's last step leaves nobody in the list of logins", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const other = await world.start();
  const started = await startLogin(world, process);
  await decide(world, started);
  let isOut = false;
  process.kv.afterRead = async ([entry]) => {
    const isGrant = entry?.key[1] === "token" && entry.key[2] === "grant" && entry.versionstamp !== null;
    if (isOut || !isGrant) return;
    isOut = true;
    await other.logins.logout(world.credentials, undefined, localCall(world));
  };
  assert.equal((await failure(finishLogin(world, process, started))).code, "login_ended");
  assert(isOut);
  assert.deepEqual(await process.logins.list(world.credentials, localCall(world)), []);
  // Nobody is logged in, so that another person is not in the way of anyone.
  await logIn(world, process, { user: "bob" });
});
