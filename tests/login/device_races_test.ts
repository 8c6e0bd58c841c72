import assert from "node:assert/strict";
import { HeldFeishu } from "../support/held_feishu.ts";
import { decide, finishLogin, localCall, startLogin } from "../support/login_world.ts";
import { failure, TokenWorld } from "../support/token_world.ts";

/** Calls of the sandbox's token endpoint that presented a device code. */
async function polls(world: TokenWorld): Promise<number> {
  return (await world.calls("oauth/token")).length;
}

async function tokenOf(
  world: TokenWorld,
  process: Awaited<ReturnType<TokenWorld["start"]>>,
): Promise<number> {
  const { accessToken } = await process.logins.userToken(
    world.credentials,
    { minTtlMs: 0 },
    localCall(world),
  );
  return await world.apiCode("user", accessToken);
}

Deno.test("D1 two_instances_poll_once: the second finds what the first has got", async () => {
  await using world = await TokenWorld.create();
  const feishu = new HeldFeishu(world);
  const a = await world.start({ feishu: feishu.port });
  const b = await world.start();
  const started = await startLogin(world, a);
  await decide(world, started);
  const poll = feishu.hold("redeemDeviceCode");
  const first = finishLogin(world, a, started);
  await poll.reached;
  const second = await finishLogin(world, b, started);
  assert.equal(second.kind, "pending");
  poll.release();
  await first;
  await world.until(async () => (await finishLogin(world, b, started)).kind === "done");
  assert.deepEqual(await finishLogin(world, b, started), await finishLogin(world, a, started));
  assert.equal(await polls(world), 1);
});

Deno.test("D2 killed_between_journal_and_store: the next start goes on with the pair, and asks nobody for it", async () => {
  await using world = await TokenWorld.create();
  const killed = await world.start();
  const started = await startLogin(world, killed);
  await decide(world, started);
  killed.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
  assert.equal((await finishLogin(world, killed, started)).kind, "pending");
  killed.kill();
  const next = await world.start();
  assert.equal((await finishLogin(world, next, started)).kind, "done");
  assert.equal(await tokenOf(world, next), 0);
  assert.equal(await polls(world), 1);
});

Deno.test("D3 killed_before_identity: another process asks whose the pair is", async () => {
  await using world = await TokenWorld.create();
  const feishu = new HeldFeishu(world);
  const killed = await world.start({ feishu: feishu.port });
  const started = await startLogin(world, killed);
  await decide(world, started);
  const identity = feishu.hold("userInfo", "before");
  void finishLogin(world, killed, started).catch(() => {});
  await identity.reached;
  killed.kill();
  identity.release();
  const next = await world.start();
  const progress = await finishLogin(world, next, started);
  assert.equal(progress.kind === "done" && progress.login.user.name, "ann");
  assert.equal(await polls(world), 1);
});

Deno.test("D4 answer_lost_then_20079: the outcome is unknown, and not called expired", async () => {
  await using world = await TokenWorld.create();
  const feishu = new HeldFeishu(world);
  const process = await world.start({ feishu: feishu.port });
  const started = await startLogin(world, process);
  await decide(world, started);
  feishu.lose("redeemDeviceCode");
  const error = await failure(finishLogin(world, process, started));
  assert.equal(error.code, "login_outcome_unknown");
  assert.equal(
    (await failure(finishLogin(world, await world.start(), started))).code,
    "login_outcome_unknown",
  );
});

Deno.test("D5 approved_at_the_last_second: the poll after the end still counts", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await startLogin(world, process);
  world.age(599_000);
  await decide(world, started);
  assert.equal((await finishLogin(world, process, started)).kind, "done");
});

Deno.test("D6 sixty_pendings_keep_their_pace", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await startLogin(world, process);
  for (let poll = 1; poll <= 60; poll++) {
    const progress = await finishLogin(world, process, started);
    assert.equal(progress.kind === "pending" && progress.retryAfterMs, 5_000);
    assert.equal(await polls(world), poll);
    world.age(5_000);
  }
});

Deno.test("D7 slow_down_counts_for_all: the pace is kept by every process of the store", async () => {
  await using world = await TokenWorld.create();
  const [a, b] = [await world.start(), await world.start()];
  const started = await startLogin(world, a);
  await finishLogin(world, a, started);
  // Somebody else polls with the same code, so that Feishu finds this poll too early.
  await world.fault({ kind: "refuse", code: 20095, path: "oauth/token" });
  world.age(5_000);
  await finishLogin(world, a, started);
  await world.clearFaults();
  const progress = await finishLogin(world, b, started);
  assert.equal(progress.kind === "pending" && progress.retryAfterMs, 10_000);
});

Deno.test("D9 start_twice_is_one_login, in any order of scopes, in any process", async () => {
  await using world = await TokenWorld.create();
  const [a, b] = [await world.start(), await world.start()];
  const first = await startLogin(world, a, { scopes: ["docx:document", "im:message"] });
  const second = await startLogin(world, b, { scopes: ["im:message", "docx:document", "im:message"] });
  assert.deepEqual([first.isNew, second.isNew], [true, false]);
  assert.equal(second.loginId.reveal(), first.loginId.reveal());
  assert.equal(second.userCode, first.userCode);
  const other = await startLogin(world, a, { scopes: ["docx:document"] });
  assert.equal(other.isNew, true);
  world.age(481_000);
  assert.equal((await startLogin(world, a, { scopes: ["docx:document"] })).isNew, true);
});

Deno.test("D10 two_flows_one_person: the later authorization stays, whichever is finished last", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const first = await startLogin(world, process, { scopes: ["docx:document"] });
  const second = await startLogin(world, process, { scopes: ["docx:document", "im:message"] });
  await decide(world, first);
  world.age(2_000);
  await decide(world, second);
  assert.equal((await finishLogin(world, process, second)).kind, "done");
  const outranked = await finishLogin(world, process, first);
  assert.equal(outranked.kind === "done" && outranked.login.scope.includes("im:message"), true);
  const { scope } = await process.logins.userToken(world.credentials, { minTtlMs: 0 }, localCall(world));
  assert(scope.includes("im:message"));
});

Deno.test("a login goes on by itself after its process was killed, although nobody calls", async () => {
  await using world = await TokenWorld.create();
  const [a, b, c] = [await world.start(), await world.start(), await world.start()];
  a.work();
  const started = await startLogin(world, a);
  b.work();
  c.work();
  a.kill();
  await decide(world, started);
  await world.until(async () => (await b.logins.list(world.credentials, localCall(world))).length === 1);
  assert.equal((await finishLogin(world, c, started)).kind, "done");
  assert.equal(await tokenOf(world, b), 0);
});

Deno.test("an unknown handle, and that of another owner, are told in the same words", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await startLogin(world, process);
  const { loginId } = started;
  const foreign = process.logins.finish(world.credentials, loginId, {}, {
    ...world.call(),
    owner: "session",
  });
  const error = await failure(foreign);
  const { Secret } = await import("../../src/secret.ts");
  const unknown = await failure(
    process.logins.finish(world.credentials, new Secret("A".repeat(22)), {}, localCall(world)),
  );
  assert.deepEqual([error.code, error.problem], [unknown.code, unknown.problem]);
  const nobody = process.logins.finish(world.credentials, loginId, {}, world.call());
  assert.equal((await failure(nobody)).code, "logins_unavailable");
});
