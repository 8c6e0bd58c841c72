import assert from "node:assert/strict";
import { Schedule } from "./schedule.ts";

/** Longer than a lease, in milliseconds. */
const PAST_LEASE_MS = 41_000;
const ONE_MACHINE = { P: { machine: "m1" }, Q: { machine: "m1" } };

Deno.test("C1: a pair that a killed process had read and not stored is in the journal", async () => {
  await using s = await Schedule.begin();
  await s.ask("P", "A1");
  await s.until("P", "commit A1");
  await s.kill("P");
  await s.let("P", "commit A1", "vanishes");
  assert.equal(s.stored("A1"), undefined);
  await s.restart("P");
  await s.rest();
  assert.equal(s.stored("A1"), "A2");
  assert.equal(await s.answer("Q", "A1"), "A2");
  assert.equal(s.presented("A1"), 1);
});

Deno.test.each([{ withoutJournal: [] }, { withoutJournal: ["m1"] }])(
  "C2: a process with a pair that the store does not take presents nothing, even when its lease is over: %j",
  async (options) => {
    await using s = await Schedule.begin(options);
    await s.ask("P", "A1");
    await s.get("P", "commit A1", "vanishes");
    while (s.world.time.elapsedMs < PAST_LEASE_MS) await s.get("P", "commit A1", "fails");
    assert.equal(await s.answer("P", "A1"), "A2");
    assert.equal(s.presented("A1"), 1);
  },
);

Deno.test("C14: another process of the machine finds a journaled pair whose owner never comes back", async () => {
  await using s = await Schedule.begin({ processes: ONE_MACHINE });
  await s.ask("P", "A1");
  await s.until("P", "commit A1");
  await s.kill("P");
  await s.let("P", "commit A1", "vanishes");
  assert.equal(await s.answer("Q", "A1"), "A2");
  assert.equal(s.presented("A1"), 1);
  assert.deepEqual([...s.world.machines].flatMap((machine) => machine.notes()), []);
});

Deno.test.each(["ok", "fails"])(
  "a pair is neither committed nor answered with before it is in the journal: a read that ends with %s",
  async (outcomeName) => {
    await using s = await Schedule.begin();
    await s.ask("P", "A1");
    const other = await s.ask("P", "A1");
    // The first read. That of the other question begins when it has ended.
    await s.let("P", "read A1");
    await s.let("P", "claim A1");
    await s.let("P", "present A1");
    const kind = (): string | undefined => other.outcome?.kind;
    await s.let("P", "read A1", outcomeName);
    assert.equal(kind(), undefined);
    assert.deepEqual(s.world.points.open.map(({ what }) => what), ["journal A2"]);
    await s.rest();
    assert.equal(kind(), "pair");
  },
);

Deno.test("a token whose successor is stored nowhere is presented by a process that knows only later pairs", async () => {
  await using s = await Schedule.begin();
  const question = await s.ask("Q", "A1");
  await s.get("Q", "journal A2", "fails");
  await s.get("Q", "commit A1", "vanishes");
  for (let look = 0; look < 2; look++) await s.get("Q", "read A1", "fails");
  assert.equal(question.outcome?.kind, "pair");
  await s.kill("Q");
  assert.equal(await s.answer("P", "A2"), "A3");
  await s.pass(PAST_LEASE_MS);
  assert.equal(await s.answer("P", "A1"), "rotation_outcome_unknown");
});
