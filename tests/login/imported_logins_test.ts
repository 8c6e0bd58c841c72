import assert from "node:assert/strict";
import { localCall } from "../support/login_world.ts";
import { TokenWorld } from "../support/token_world.ts";

Deno.test("a refresh token that is imported a second time while the first import goes on is one login", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const refreshToken = await world.login("v2", { scope: "offline_access auth:user.id:read" });
  await world.fault({ path: "user_info", kind: "http", status: 503 });
  assert.equal(
    (await process.logins.adopt(world.credentials, refreshToken, localCall(world))).kind,
    "pending",
  );
  await world.clearFaults();
  const again = await process.logins.adopt(world.credentials, refreshToken, localCall(world));
  assert.equal(again.kind, "done");
  // The first import has no work left that could bring its pair over a rotation.
  assert.equal((await process.logins.waiting(world.credentials, localCall(world))).length, 0);
  let logins = 0;
  for await (const _ of process.kv.kv.list({ prefix: ["feishu-token", "value", "login"] })) logins++;
  assert.equal(logins, 1);
});
