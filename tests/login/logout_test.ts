import assert from "node:assert/strict";
import type { EndedLogin } from "../../src/ports/logins.ts";
import type { CommitFate } from "../support/interceptable_kv.ts";
import { HeldFeishu } from "../support/held_feishu.ts";
import { decide, finishLogin, localCall, logIn, startLogin } from "../support/login_world.ts";
import { failure, type TokenProcess, TokenWorld } from "../support/token_world.ts";

const HOUR_MS = 3_600_000;

function logout(world: TokenWorld, process: TokenProcess, user?: string): Promise<EndedLogin> {
  return process.logins.logout(world.credentials, user, localCall(world));
}

function ask(world: TokenWorld, process: TokenProcess): ReturnType<TokenProcess["logins"]["userToken"]> {
  return process.logins.userToken(world.credentials, { minTtlMs: 300_000 }, localCall(world));
}

Deno.test("R1 logout_during_renewal: who waits for the renewal is told that nobody is logged in", async () => {
  await using world = await TokenWorld.create();
  const feishu = new HeldFeishu(world);
  const process = await world.start({ feishu: feishu.port });
  await logIn(world, process);
  world.age(3 * HOUR_MS);
  const renewal = feishu.hold("refreshUserToken");
  const waiting = failure(ask(world, process));
  await renewal.reached;
  await logout(world, await world.start());
  renewal.release();
  assert.equal((await waiting).code, "not_logged_in");
  assert.equal((await failure(ask(world, await world.start()))).code, "not_logged_in");
});

Deno.test("R2 logout_seen_by_others: the next question of every process is refused", async () => {
  await using world = await TokenWorld.create();
  const [a, b] = [await world.start(), await world.start()];
  await logIn(world, a);
  await ask(world, b);
  await logout(world, a);
  assert.equal((await failure(ask(world, b))).code, "not_logged_in");
  assert.deepEqual(await b.logins.list(world.credentials, localCall(world)), []);
});

Deno.test("R3 a rotation that lands after the logout is not served, and not stored", async () => {
  await using world = await TokenWorld.create();
  const feishu = new HeldFeishu(world);
  const process = await world.start({ feishu: feishu.port });
  await logIn(world, process);
  world.age(3 * HOUR_MS);
  const renewal = feishu.hold("refreshUserToken");
  const waiting = failure(ask(world, process));
  await renewal.reached;
  const other = await world.start();
  await logout(world, other);
  renewal.release();
  await waiting;
  await world.drain();
  assert.deepEqual(await other.logins.list(null, localCall(world)), []);
  process.kill();
  assert.deepEqual(await (await world.start()).logins.list(null, localCall(world)), []);
});

for (const revoke_kills_other_families of [false, true]) {
  Deno.test(`R4 login_right_after_logout: the new login lives, where a revocation ends other logins too: ${revoke_kills_other_families}`, async () => {
    await using world = await TokenWorld.create();
    await world.control("POST", "behaviour", { revoke_kills_other_families });
    const process = await world.start();
    await logIn(world, process);
    world.age(2_000);
    const started = await startLogin(world, process);
    await decide(world, started);
    // The person has agreed already: a revocation now could end what they have just granted.
    assert.equal((await logout(world, process)).upstream, "not_sent");
    const error = await failure(finishLogin(world, process, started));
    assert.equal(error.code, "login_ended");
    world.age(2_000);
    await logIn(world, process);
    const { accessToken } = await ask(world, process);
    assert.equal(await world.apiCode("user", accessToken), 0);
  });
}

Deno.test("a revocation holds off the polls of its app, and no longer than it takes", async () => {
  await using world = await TokenWorld.create();
  const feishu = new HeldFeishu(world);
  const a = await world.start({ feishu: feishu.port });
  const b = await world.start();
  await logIn(world, a);
  world.age(2_000);
  const revocation = feishu.hold("revoke", "before");
  const ended = logout(world, a);
  await revocation.reached;
  const started = await startLogin(world, b);
  await decide(world, started, { user: "bob" });
  const polls = (await world.calls("oauth/token")).length;
  assert.equal((await finishLogin(world, b, started)).kind, "pending");
  assert.equal((await world.calls("oauth/token")).length, polls);
  revocation.release();
  assert.equal((await ended).upstream, "revoked");
  assert.equal((await finishLogin(world, b, started)).kind, "done");
});

Deno.test("a login that starts while a revocation looks around is seen by it", async () => {
  await using world = await TokenWorld.create();
  const [a, b] = [await world.start(), await world.start()];
  await logIn(world, a);
  world.age(2_000);
  // Between the look of the logout and its closing of the gate, which is the next write of the namespace.
  let hasStarted = false;
  a.kv.onCommit = async ({ slots }): Promise<CommitFate> => {
    if (!hasStarted && slots.includes("value") && (await world.calls("revoke")).length === 0) {
      const isLoggedOut = (await b.logins.list(world.credentials, localCall(world))).length === 0;
      if (isLoggedOut) {
        hasStarted = true;
        await startLogin(world, b);
      }
    }
    return "pass";
  };
  assert.equal((await logout(world, a)).upstream, "not_sent");
  assert(hasStarted);
  assert.equal((await world.calls("revoke")).length, 0);
});

Deno.test("R6 revoked_during_keep_alive: the login is shown as lost, and is not tried again", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { login } = await logIn(world, process);
  await world.control("POST", "revoke", { open_id: login.user.openId });
  world.age(5 * 24 * HOUR_MS);
  await process.logins.keep([world.credentials], localCall(world));
  const [kept] = await process.logins.list(world.credentials, localCall(world));
  assert.equal(kept?.needsLogin, true);
  assert.equal(kept?.problem?.row.kind, "login");
  const presented = (await world.calls("oauth/token")).length;
  await process.logins.keep([world.credentials], localCall(world));
  assert.equal((await world.calls("oauth/token")).length, presented);
});

Deno.test("a logout of somebody who is not there says who is", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process);
  const error = await failure(logout(world, process, "bob"));
  assert.equal(error.code, "not_logged_in");
  assert.match(error.problem.en, /ann/);
});

Deno.test("a login that is started after a logout has a link of its own, although another one waits", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process);
  world.age(2_000);
  const waiting = await startLogin(world, process);
  await logout(world, process);
  world.age(2_000);
  // Another process has not seen the logout itself.
  const other = await world.start();
  const started = await startLogin(world, other);
  assert.notEqual(started.userCode, waiting.userCode);
  assert.equal((await startLogin(world, process)).userCode, started.userCode);
  await decide(world, started);
  assert.equal((await finishLogin(world, other, started)).kind, "done");
});
