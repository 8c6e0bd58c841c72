import assert from "node:assert/strict";
import { AppGates, GATE_VALUES } from "../../src/login/app_gates.ts";
import { appName } from "../../src/login/app_name.ts";
import type { StartedLogin } from "../../src/ports/logins.ts";
import { decide, finishLogin, localCall, startLogin } from "../support/login_world.ts";
import { failure, REAL_RANDOM, type TokenProcess, TokenWorld } from "../support/token_world.ts";

/**
 * A login whose pair only the journal of a killed process has.
 *
 * @returns the login, and a process on another machine, which took its outcome for unknown.
 */
async function loginInAJournalAlone(
  world: TokenWorld,
): Promise<{ readonly started: StartedLogin; readonly other: TokenProcess }> {
  await world.control("POST", "behaviour", { expired_device_code_unknown: true });
  const process = await world.start();
  const other = await world.start({ withoutJournal: true });
  const started = await startLogin(world, process);
  await decide(world, started);
  process.kv.onCommit = ({ slots }) => slots.join() === "token" ? "conflict" : "pass";
  assert.equal((await finishLogin(world, process, started)).kind, "pending");
  process.kill();
  assert.equal((await failure(finishLogin(world, other, started))).code, "login_outcome_unknown");
  return { started, other };
}

Deno.test("killed_between_journal_and_store: a login of unknown outcome goes on where its pair turns up in a journal", async () => {
  await using world = await TokenWorld.create();
  const { started, other } = await loginInAJournalAlone(world);
  const next = await world.start();
  assert.equal((await finishLogin(world, next, started)).kind, "done");
  assert.equal((await finishLogin(world, other, started)).kind, "done");
  const { accessToken } = await next.logins.userToken(world.credentials, { minTtlMs: 0 }, localCall(world));
  assert.equal(await world.apiCode("user", accessToken), 0);
});

Deno.test("a login of unknown outcome does not go on while a revocation of its app is under way", async () => {
  await using world = await TokenWorld.create();
  const { started } = await loginInAJournalAlone(world);
  const next = await world.start();
  const values = next.store.sealedValues(GATE_VALUES);
  assert(values !== null);
  const gates = new AppGates(values, {
    clock: world.clock,
    random: REAL_RANDOM,
    owner: next.store,
    liveness: next.store.liveness,
  });
  const whileClosed = gates.whileClosed(
    appName(world.credentials, undefined),
    () => Promise.resolve(true),
    async () => {
      const { code } = await failure(finishLogin(world, next, started));
      assert.equal(code, "login_outcome_unknown");
      return "asked";
    },
  );
  assert.equal(await whileClosed, "asked");
  assert.equal((await finishLogin(world, next, started)).kind, "done");
});

Deno.test("start_twice_is_one_login, in two processes too once the first is stored", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const [first, second] = await Promise.all([startLogin(world, process), startLogin(world, process)]);
  const third = await startLogin(world, await world.start());
  assert.equal(new Set([first, second, third].map(({ loginId }) => loginId.reveal())).size, 1);
});
