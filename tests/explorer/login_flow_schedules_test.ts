import assert from "node:assert/strict";
import {
  approvedAt,
  decide,
  finishAt,
  finished,
  logInAt,
  logOutAt,
  saidOf,
  startAt,
  tokenAt,
  withLogins,
} from "./logins/login_script.ts";
import { SCOPES } from "./logins/login_moves.ts";
import { Schedule } from "./schedule.ts";

const ONE_MACHINE = { P: { machine: "m1" }, Q: { machine: "m1" } };
const DAY_MS = 24 * 60 * 60 * 1_000;

Deno.test("killed_between_journal_and_store: the pair of a device code is found by the next process", async () => {
  await using s = await Schedule.begin({ ...withLogins(), processes: ONE_MACHINE });
  const code = await approvedAt(s, "P");
  await finishAt(s, "P", code);
  await s.get("P", "journal A1");
  await s.kill("P");
  assert.equal(saidOf(await finished(s, "Q", await finishAt(s, "Q", code))), "done");
  assert.equal(s.stored("ann"), "A1");
  assert.equal(s.presented(code), 1);
});

Deno.test("answer_lost_then_20079: a poll whose answer was lost leaves no grant behind, and says why", async () => {
  await using s = await Schedule.begin(withLogins());
  const code = await approvedAt(s, "P");
  await finishAt(s, "P", code);
  await s.get("P", `present ${code}`, "leaves");
  await s.let("P", `${code} at Feishu`, "cut after");
  await s.rest();
  await s.pass(45_000);
  const asked = await finished(s, "Q", await finishAt(s, "Q", code));
  await s.rest();
  assert.equal(saidOf(asked), "login_outcome_unknown");
  assert.equal(s.stored("ann"), undefined);
});

Deno.test("older_authorization_stored_last: the later authorization stays, whichever is stored last", async () => {
  await using s = await Schedule.begin(withLogins({ secondLogin: "kills" }));
  await startAt(s, "P", {});
  await s.rest();
  await decide(s, "d1");
  await s.pass(2_000);
  const later = await approvedAt(s, "Q", { replace: true });
  await finishAt(s, "P", "d1");
  await s.until("P", "commit ann");
  await finished(s, "Q", await finishAt(s, "Q", later));
  assert.equal(s.stored("ann"), "B1");
  await s.let("P", "commit ann");
  await s.rest();
  assert.equal(s.stored("ann"), "B1");
});

Deno.test("login_right_after_logout: a revocation under way keeps the next login's code from being presented", async () => {
  await using s = await Schedule.begin(withLogins({ revocation: "person" }));
  await logInAt(s, "P");
  await logOutAt(s, "P");
  await s.get("P", "revoke A1", "leaves");
  const code = await approvedAt(s, "Q");
  await finishAt(s, "Q", code);
  await s.pass(1_000);
  assert.equal(s.presented(code), 0);
  await s.let("P", "revoke A1 at Feishu");
  await s.rest();
});

Deno.test("two_instances_poll_once: the second process is told what the first has got", async () => {
  await using s = await Schedule.begin(withLogins());
  const code = await approvedAt(s, "P");
  await finishAt(s, "P", code);
  await s.get("P", `present ${code}`, "leaves");
  const second = await finishAt(s, "Q", code);
  await finished(s, "Q", second);
  assert.equal(saidOf(second), "pending");
  await s.let("P", `${code} at Feishu`);
  await s.rest();
  assert.equal(saidOf(await finished(s, "Q", await finishAt(s, "Q", code))), "done");
  assert.equal(s.presented(code), 1);
  assert.equal(saidOf(await finished(s, "Q", await tokenAt(s, "Q"))), "A1");
});

Deno.test("killed_before_clearing: the pair of a login that has ended is destroyed also after two days without a process", async () => {
  await using s = await Schedule.begin({ ...withLogins(), processes: ONE_MACHINE });
  const code = await approvedAt(s, "P");
  await finishAt(s, "P", code);
  await s.get("P", "commit ann");
  await s.until("P", `log out ${code}`);
  await s.kill("P");
  await s.kill("Q");
  await s.pass(2 * DAY_MS);
  assert.equal(s.stored(code), "A1");
  await s.restart("Q");
  await s.rest();
  await finished(s, "Q", await finishAt(s, "Q", code));
  await s.rest();
  assert.equal(s.stored(code), null);
});

Deno.test("finish_joins_an_older_flight: a login that is done is told as done, whatever flight the call has joined", async () => {
  await using s = await Schedule.begin(withLogins());
  const code = await approvedAt(s, "P");
  await finishAt(s, "Q", code);
  await s.until("Q", `read ${code}`);
  assert.equal(saidOf(await finished(s, "P", await finishAt(s, "P", code))), "done");
  assert.equal(saidOf(await finished(s, "Q", await finishAt(s, "Q", code))), "done");
});

Deno.test("rotation_in_flight_when_parked: a renewal from before the narrower login is no proof that the kept one lives", async () => {
  await using s = await Schedule.begin(withLogins({ secondLogin: "kills" }));
  await logInAt(s, "P");
  await s.pass(7_000_000);
  await finished(s, "Q", await startAt(s, "Q"));
  await tokenAt(s, "P");
  await s.until("P", "commit ann");
  await decide(s, "d2", "approved", { scopes: SCOPES.little ?? [] });
  assert.equal(saidOf(await finished(s, "Q", await finishAt(s, "Q", "d2"))), "narrower");
  await s.let("P", "commit ann");
  await finished(s, "Q", await finishAt(s, "Q", "d2", { replace: false }));
  await s.rest();
  assert.equal(s.stored("ann"), "B1");
});
