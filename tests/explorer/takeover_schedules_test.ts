import assert from "node:assert/strict";
import type { Question } from "./question.ts";
import { outcomeOf, Schedule } from "./schedule.ts";

const FARTHEST_CLOCKS = { P: { machine: "m1" }, Q: { machine: "m2", wallMs: 600_000, monotonicMs: 90_000 } };

/** P holds A2 and is cut off from the store; Q, of another machine, has taken over and waits at `what`. */
async function cutOff(s: Schedule, what: string): Promise<void> {
  await s.ask("P", "A1");
  await s.until("P", "commit A1");
  await s.ask("Q", "A1");
  await s.until("Q", what);
}

/** P has claimed A1 and is about to learn it, with too little left of the lease for a presentation. */
async function claimTooLate(s: Schedule): Promise<void> {
  await s.ask("P", "A1");
  await s.get("P", "claim A1", "lands, answer slow");
  await s.pass(2_999);
  await s.let("P", "claim A1: answer", "lies");
  await s.pass(2);
}

Deno.test("C3: a mark does not land over a pair that was stored meanwhile", async () => {
  await using s = await Schedule.begin();
  await cutOff(s, "mark A1");
  await s.let("P", "commit A1");
  await s.let("Q", "mark A1");
  assert.equal(s.mark("A1"), undefined);
  await s.rest();
  assert.equal(outcomeOf(s.world.callers.questions[1]!), "A2");
});

Deno.test("C3: a mark that was given up does not land over a pair that was stored meanwhile", async () => {
  await using s = await Schedule.begin();
  await cutOff(s, "mark A1");
  await s.pass(6_000);
  await s.let("P", "commit A1");
  await s.let("Q", "mark A1");
  assert.equal(s.mark("A1"), undefined);
  assert.equal(await s.answer("Q", "A1"), "A2");
});

Deno.test("C4: a process that has lost the lease does not mark", async () => {
  await using s = await Schedule.begin();
  s.world.feishu.books.rotate("A1");
  await s.ask("P", "A1");
  await s.until("P", "mark A1");
  await s.ask("Q", "A1");
  await s.get("Q", "mark A1");
  assert.equal(s.mark("A1"), "rotation_outcome_unknown");
  await s.let("P", "mark A1");
  assert.equal(s.mark("A1"), "rotation_outcome_unknown");
});

Deno.test("C5: an unknown outcome outlives a release", async () => {
  await using s = await Schedule.begin();
  await cutOff(s, "present A1");
  await s.let("Q", "present A1", "leaves");
  await s.let("Q", "A1 at Feishu", "unavailable");
  await s.get("Q", "release A1");
  await s.get("Q", "mark A1");
  assert.equal(s.mark("A1"), "rotation_outcome_unknown");
  await s.let("P", "commit A1");
  assert.equal(await s.answer("Q", "A1"), "A2");
});

Deno.test("C6: a claim that landed and was denied does not count once the token has moved", async () => {
  await using s = await Schedule.begin();
  await cutOff(s, "claim A1");
  await s.let("Q", "claim A1", "lies");
  await s.let("P", "commit A1");
  await s.rest();
  assert.equal(s.presented("A1"), 1);
  assert.equal(outcomeOf(s.world.callers.questions[1]!), "A2");
});

Deno.test.each([{ processes: undefined }, { processes: FARTHEST_CLOCKS }])(
  "C7: with every step as slow as it may be no other process presents while the owner does: %j",
  async ({ processes }) => {
    await using s = await Schedule.begin(processes === undefined ? {} : { processes });
    await s.ask("P", "A1");
    await s.get("P", "claim A1", "lands, answer slow");
    await s.ask("Q", "A1");
    await s.get("Q", "read A1");
    await s.alone("Q", 2_999);
    await s.let("P", "claim A1: answer");
    // The view is old by then.
    await s.let("P", "read A1");
    await s.alone("Q", 2_000);
    await s.let("P", "present A1", "leaves");
    await s.alone("Q", 29_999);
    await s.let("P", "A1 at Feishu");
    await s.let("P", "journal A2");
    await s.alone("Q", 4_999);
    assert.equal(s.presented("A1"), 1);
    await s.let("P", "commit A1");
    await s.rest();
    assert.deepEqual(s.world.callers.questions.map(outcomeOf), ["A2", "A2"]);
    assert.equal(s.presented("A1"), 1);
  },
);

Deno.test("C7: a claim that was answered too late is claimed over, not used", async () => {
  await using s = await Schedule.begin();
  await claimTooLate(s);
  await s.get("P", "read A1");
  assert.equal(s.presented("A1"), 0);
  await s.rest();
  assert.equal(s.presented("A1"), 1);
});

Deno.test("a slow journal does not keep a process from presenting", async () => {
  await using s = await Schedule.begin({ looksWait: true });
  const mayPresent = (): boolean => s.world.points.open.some(({ what }) => what === "present A1");
  await s.ask("P", "A1");
  // One read before the claim, one after it, and one before the claim over it.
  for (let look = 1; look <= 3; look++) {
    assert(!mayPresent());
    await s.until("P", "look into the journal");
    await s.pass(3_500);
    await s.let("P", "look into the journal");
  }
  await s.get("P", "claim A1");
  await s.let("P", "present A1");
  await s.rest();
  assert.equal(s.presented("A1"), 1);
});

Deno.test("a process that has taken over and finds a pair in state Check keeps others waiting, although it gives up", async () => {
  const processes = { P: { machine: "m1" }, Q: { machine: "m1" }, R: { machine: "m2" } };
  await using s = await Schedule.begin({ processes });
  await s.ask("P", "A1");
  await s.until("P", "journal A2");
  await s.ask("Q", "A1");
  await s.until("Q", "claim A1");
  await s.let("P", "journal A2");
  await s.kill("P");
  await s.let("P", "commit A1", "vanishes");
  await s.let("Q", "claim A1");
  await s.let("Q", "read A1", "fails");
  await s.alone("Q", 10);
  await s.ask("R", "A1");
  await s.alone("R", 2_000);
  assert.deepEqual([s.presented("A1"), s.mark("A1")], [1, undefined]);
});

Deno.test("a process that gives up releases its claim that came too late", async () => {
  await using s = await Schedule.begin();
  await claimTooLate(s);
  await s.let("P", "read A1");
  await s.let("P", "read A1", "fails");
  await s.get("P", "release A1");
  assert.deepEqual([s.world.view.record("A1").lease, s.presented("A1")], [undefined, 0]);
});

Deno.test("C8: a late write of the lease restores nothing", async () => {
  await using s = await Schedule.begin();
  await s.ask("P", "A1");
  await s.get("P", "present A1", "leaves");
  await s.let("P", "A1 at Feishu", "unavailable");
  await s.until("P", "release A1");
  await s.ask("Q", "A1");
  await s.get("Q", "present A1", "leaves");
  await s.let("P", "release A1");
  assert.equal(s.world.view.record("A1").lease?.process, "Q");
  await s.rest();
  assert.equal(s.presented("A1"), 2);
});

Deno.test("C16: a claim that landed and was denied is found by its nonce, and used at once", async () => {
  await using s = await Schedule.begin();
  await s.ask("P", "A1");
  await s.get("P", "claim A1", "lies");
  await s.let("P", "read A1");
  await s.let("P", "present A1");
  assert.equal(s.world.time.elapsedMs, 0);
});

Deno.test("C16: a claim that lands after the last read costs one lease", async () => {
  await using s = await Schedule.begin();
  await s.ask("P", "A1");
  await s.until("P", "claim A1");
  await s.pass(3_000);
  await s.get("P", "read A1");
  // No process can tell that it will land: the store counts as away, and the caller is told to ask again.
  await s.let("P", "claim A1");
  const landedMs = s.world.time.elapsedMs;
  await s.ask("P", "A1");
  await s.until("P", "present A1");
  assert(s.world.time.elapsedMs - landedMs < 41_000);
});

Deno.test("a process that has waited for a renewal follows the chain to the pair that replaced its result meanwhile", async () => {
  await using s = await Schedule.begin();
  await s.ask("P", "A1");
  await s.until("P", "present A1");
  const waiting = await s.ask("Q", "A1");
  await s.get("Q", "read A1");
  await s.until("Q", "read A1");
  await s.let("P", "present A1");
  await s.get("P", "commit A1");
  // It finds the pair, and is about to follow the chain.
  await s.let("Q", "read A1");
  await s.until("Q", "read A1");
  assert.equal(waiting.outcome, undefined);
  await s.answerAlone("P", "A2");
  await s.rest();
  assert.equal(outcomeOf(waiting), "A3");
});

/** A1 led to A2, which P and then Q, of another machine, have had renewed: each holds a pair that is not stored yet. */
async function withRivals(s: Schedule): Promise<Question> {
  assert.equal(await s.answer("P", "A1"), "A2");
  await s.pass(2 * 60 * 60_000);
  await s.ask("P", "A1");
  await s.until("P", "commit A2");
  const late = await s.ask("Q", "A1");
  await s.get("Q", "present A2", "leaves");
  await s.let("Q", "A2 at Feishu", "grace");
  await s.until("Q", "commit A2");
  return late;
}

Deno.test("of two pairs that Feishu has issued for one token the first one stored is the answer", async () => {
  await using s = await Schedule.begin({ hasGrace: true });
  const late = await withRivals(s);
  await s.let("P", "commit A2");
  await s.rest();
  assert.equal(s.presented("A2"), 2);
  assert.equal(outcomeOf(late), s.stored("A2"));
  assert.equal(s.stored("A1"), s.stored("A2"));
});

Deno.test("earlier tokens lead to the first one stored too, whatever was answered while the store took neither", async () => {
  await using s = await Schedule.begin({ hasGrace: true });
  const late = await withRivals(s);
  // The store takes neither pair in time: Q answers with its own, which is in its journal.
  await s.pass(5_000);
  await s.let("Q", "read A2");
  assert.equal(outcomeOf(late), "A3'");
  await s.let("P", "commit A2");
  await s.rest();
  assert.equal(s.stored("A2"), "A3");
  assert.equal(await s.answer("Q", "A1"), "A3");
  assert.equal(s.stored("A1"), "A3");
});

Deno.test("a report that took over in vain and then found the rejected token has it replaced", async () => {
  await using s = await Schedule.begin();
  await s.ask("P", "A1");
  await s.until("P", "commit A1");
  // A pair less than a minute old would not be replaced.
  await s.pass(60_000);
  const report = await s.report("Q", "A1", "A2");
  await s.until("Q", "mark A1");
  await s.let("P", "commit A1");
  await s.let("Q", "mark A1");
  await s.rest();
  assert.equal(outcomeOf(report), "A3");
});
