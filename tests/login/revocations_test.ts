import assert from "node:assert/strict";
import { decide, finishLogin, localCall, logIn, startLogin } from "../support/login_world.ts";
import { failure, TokenWorld } from "../support/token_world.ts";

Deno.test("login_right_after_logout: a logout revokes nothing at Feishu while a login of the app waits", async () => {
  await using world = await TokenWorld.create();
  await world.control("POST", "behaviour", { revoke_kills_other_families: true });
  const process = await world.start();
  await logIn(world, process);
  const started = await startLogin(world, process);
  const { upstream } = await process.logins.logout(world.credentials, undefined, localCall(world));
  assert.equal(upstream, "not_sent");
  // The login that began before the logout ends with it; the next one is kept.
  await decide(world, started);
  assert.equal((await failure(finishLogin(world, process, started))).code, "login_ended");
  await logIn(world, process);
  const { accessToken } = await process.logins.userToken(
    world.credentials,
    { minTtlMs: 0 },
    localCall(world),
  );
  assert.equal(await world.apiCode("user", accessToken), 0);
});

Deno.test("a person who was not expected is revoked at Feishu, and the login of the one who is kept goes on", async () => {
  await using world = await TokenWorld.create();
  await world.control("POST", "behaviour", { revoke_kills_other_families: true });
  const process = await world.start();
  const { login } = await logIn(world, process, { user: "ann" });
  const started = await startLogin(world, process);
  await decide(world, started, { user: "bob" });
  assert.equal((await failure(finishLogin(world, process, started))).code, "login_wrong_person");
  assert.equal((await failure(finishLogin(world, await world.start(), started))).code, "login_wrong_person");
  assert.equal((await world.calls("revoke")).length, 1);
  const { accessToken, user } = await process.logins.userToken(
    world.credentials,
    { minTtlMs: 0 },
    localCall(world),
  );
  assert.equal(user.openId, login.user.openId);
  assert.equal(await world.apiCode("user", accessToken), 0);
});

Deno.test("a person who logs in while logged in is not revoked, whatever becomes of the login", async () => {
  await using world = await TokenWorld.create();
  await world.control("POST", "behaviour", { revoke_kills_other_families: true });
  const process = await world.start();
  await logIn(world, process, { user: "ann" });
  await logIn(world, process, { user: "bob" }, { another: true });
  // Bob agrees where somebody else is expected.
  const started = await startLogin(world, process, { user: "ou_somebody" });
  await decide(world, started, { user: "bob" });
  assert.equal((await failure(finishLogin(world, process, started))).code, "login_wrong_person");
  assert.equal((await world.calls("revoke")).length, 0);
});

Deno.test("a logout whose revocation is not answered is a logout, and logins start again after it", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process);
  await world.fault({ path: "revoke", kind: "drop_after", times: 1 });
  const { upstream } = await process.logins.logout(world.credentials, undefined, localCall(world));
  assert.equal(upstream, "unknown");
  await logIn(world, process);
});

Deno.test("a logout ends the login here although the store fails each of the writes about the revocation", async () => {
  for (const fate of ["throw", "conflict", "land_and_lie", "land_and_throw"] as const) {
    await using world = await TokenWorld.create();
    const process = await world.start();
    await logIn(world, process);
    process.kv.onCommit = ({ slots }) => slots.join() === "value" ? fate : "pass";
    await process.logins.logout(world.credentials, undefined, localCall(world));
    process.kv.onCommit = () => "pass";
    assert.deepEqual(await process.logins.list(world.credentials, localCall(world)), []);
    // The gate that nobody opens again is waited out.
    const started = await startLogin(world, process);
    await decide(world, started);
    const first = await finishLogin(world, process, started);
    assert(first.kind === "done" || first.kind === "pending");
  }
});
