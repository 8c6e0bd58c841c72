import assert from "node:assert/strict";
import { outcomeOf, Schedule } from "./schedule.ts";

const USER = "ann";
const ONE_MACHINE = { P: { machine: "m1" }, Q: { machine: "m1" } };

/** A user has logged in, and P holds the next pair A2. */
async function inFlight(options: Parameters<typeof Schedule.begin>[0] = {}): Promise<Schedule> {
  const s = await Schedule.begin({ ...options, hasUser: true });
  await s.logIn("P");
  await s.rest();
  await s.ask("P", "A1");
  await s.until("P", `commit ${USER}`);
  return s;
}

Deno.test("C9: a late rotation does not replace a new login", async () => {
  await using s = await inFlight();
  await s.logIn("Q");
  await s.get("Q", `commit ${USER}`);
  assert.equal(s.stored(USER), "B1");
  await s.rest();
  assert.equal(s.stored(USER), "B1");
  assert.deepEqual([...s.world.machines].flatMap((machine) => machine.notes()), []);
});

Deno.test("C9: a new login is not taken for a second pair of the old one", async () => {
  await using s = await inFlight();
  await s.let("P", `commit ${USER}`);
  await s.logIn("Q");
  await s.rest();
  assert.equal(s.stored(USER), "B1");
  assert.equal(s.world.view.record(USER).spare, undefined);
});

Deno.test("a login during a rotation of the same process is not committed before it is in the journal", async () => {
  await using s = await Schedule.begin({ hasUser: true });
  await s.logIn("P");
  await s.rest();
  await s.ask("P", "A1");
  await s.get("P", "present A1", "leaves");
  await s.logIn("P");
  await s.let("P", "A1 at Feishu");
  await s.let("P", "journal A2");
  await s.let("P", `commit ${USER}`);
  await s.let("P", "clear the journal");
  // A read of the record now finds the login in memory, and waits until it is in the journal.
  await s.ask("P", "A2");
  const waits = s.world.points.open.map(({ what }) => what);
  assert(waits.includes("journal B1") && !waits.includes(`read ${USER}`));
  await s.rest();
  assert.equal(s.stored(USER), "B1");
});

Deno.test("C10: a late rotation does not restore a login after its logout", async () => {
  await using s = await inFlight();
  await s.logOut("Q");
  await s.get("Q", `log out ${USER}`);
  await s.rest();
  assert.equal(s.stored(USER), null);
  assert.deepEqual([...s.world.machines].flatMap((machine) => machine.notes()), []);
  assert.equal(await s.answer("P", "A1"), "not_logged_in");
});

Deno.test("C13: with a grace period at Feishu the pair that still works is filed as a spare, and adopted", async () => {
  await using s = await inFlight({ hasGrace: true });
  await s.ask("Q", "A1");
  await s.get("Q", "present A1", "leaves");
  await s.let("P", `commit ${USER}`);
  await s.let("Q", "A1 at Feishu", "grace");
  await s.rest();
  assert.equal(s.stored(USER), "A2");
  assert.equal(s.world.view.record(USER).spare?.pair, "A2'");
  const question = await s.ask("P", "A2");
  await s.get("P", `adopt ${USER}`);
  await s.rest();
  assert.equal(outcomeOf(question), "A2'");
});

Deno.test("C13: a mark does not land over a spare that was filed meanwhile", async () => {
  await using s = await inFlight({ hasGrace: true });
  await s.ask("Q", "A1");
  await s.get("Q", "present A1", "leaves");
  await s.let("P", `commit ${USER}`);
  await s.let("Q", "A1 at Feishu", "grace");
  await s.until("Q", `file spare ${USER}`);
  const question = await s.ask("P", "A2");
  await s.until("P", `mark ${USER}`);
  await s.let("Q", `file spare ${USER}`);
  await s.let("P", `mark ${USER}`);
  assert.equal(s.mark(USER), undefined);
  await s.rest();
  assert.equal(outcomeOf(question), "A2'");
});

Deno.test("C9: a login whose commit is retried in the background does not replace its own rotation", async () => {
  await using s = await Schedule.begin({ hasUser: true });
  await s.logIn("P");
  await s.get("P", `commit ${USER}`, "lands and fails");
  await s.let("P", `read ${USER}`, "fails");
  assert.equal(await s.answerAlone("Q", "A1"), "A2");
  await s.rest();
  assert.equal(s.stored(USER), "A2");
});

Deno.test("C9: a login whose commit is retried in the background does not replace a later login", async () => {
  await using s = await Schedule.begin({ hasUser: true });
  await s.logIn("P");
  await s.get("P", `commit ${USER}`, "lands and fails");
  await s.let("P", `read ${USER}`, "fails");
  assert.equal(await s.answerAlone("Q", "A1"), "A2");
  await s.pass(1);
  await s.logIn("Q");
  await s.get("Q", `commit ${USER}`);
  await s.rest();
  assert.equal(s.stored(USER), "B1");
});

Deno.test("C9: a login made while the store is away outranks the record that it could not read, whatever the clocks say", async () => {
  await using s = await Schedule.begin({
    hasUser: true,
    processes: { P: { machine: "m1" }, Q: { machine: "m2", wallMs: 600_000 } },
  });
  await s.logIn("Q");
  await s.rest();
  await s.logIn("P");
  await s.get("P", `read ${USER}`, "fails");
  await s.rest();
  assert.equal(s.stored(USER), "B1");
});

Deno.test("a refusal marks nothing when a login was journaled between the last read of the journal and the mark", async () => {
  await using s = await Schedule.begin({ hasUser: true, looksWait: true, processes: ONE_MACHINE });
  await s.logIn("P");
  await s.rest();
  s.world.feishu.books.rotate("A1");
  const asked = await s.ask("P", "A1");
  await s.get("P", "present A1");
  await s.get("P", "look into the journal");
  await s.logIn("Q");
  await s.get("Q", "journal B1");
  await s.get("P", `read ${USER}`);
  await s.rest();
  assert.equal(s.mark(USER), undefined);
  assert.equal(outcomeOf(asked), "B1");
});
