import assert from "node:assert/strict";
import { outcomeOf, Schedule } from "./schedule.ts";

const USER = "ann";
const ONE_MACHINE = { P: { machine: "m1" }, Q: { machine: "m1" } };

Deno.test("C11: a process that notices that the store was deleted holds off the next presentation of a chain", async () => {
  await using s = await Schedule.begin();
  assert.equal(await s.answer("P", "A1"), "A2");
  assert.equal(await s.answer("Q", "A1"), "A2");
  await s.ask("P", "A2");
  await s.get("P", "present A2", "leaves");
  await s.takeBack();
  await s.ask("Q", "A1");
  await s.ask("Q", "A2");
  await s.until("Q", "hold off A2");
  await s.let("Q", "hold off A2");
  await s.pass(20_000);
  await s.let("P", "A2 at Feishu");
  await s.rest();
  assert.equal(s.presented("A2"), 1);
  assert.equal(s.stored("A2"), "A3");
});

Deno.test("C11: a process that has not noticed it waits for the lease of nobody", async () => {
  const processes = { P: { machine: "m1" }, Q: { machine: "m2" }, R: { machine: "m3" } };
  await using s = await Schedule.begin({ processes });
  assert.equal(await s.answer("P", "A1"), "A2");
  assert.equal(await s.answer("Q", "A1"), "A2");
  await s.ask("P", "A2");
  await s.get("P", "present A2", "leaves");
  await s.takeBack();
  await s.ask("Q", "A1");
  await s.get("Q", "hold off A2");
  await s.ask("R", "A2");
  await s.alone("R", 20_000);
  assert.equal(s.presented("A2"), 1);
  await s.let("P", "A2 at Feishu");
  await s.rest();
  assert.equal(s.presented("A2"), 1);
});

Deno.test("C11: the process that has noticed it holds off itself, although its lease of nobody was lost on the way", async () => {
  await using s = await Schedule.begin();
  assert.equal(await s.answer("P", "A1"), "A2");
  assert.equal(await s.answer("Q", "A1"), "A2");
  await s.ask("P", "A2");
  await s.get("P", "present A2", "leaves");
  await s.takeBack();
  const healing = await s.ask("Q", "A1");
  await s.get("Q", "hold off A2", "fails");
  await s.finishAlone("Q", healing);
  await s.ask("Q", "A2");
  await s.get("Q", "hold off A2");
  await s.rest();
  assert.equal(s.presented("A2"), 1);
});

Deno.test("C11: for a grant, the write that heals the record also holds off", async () => {
  await using s = await Schedule.begin({ hasUser: true });
  await s.logIn("P");
  await s.rest();
  await s.ask("P", "A1");
  await s.get("P", "present A1", "leaves");
  const waiting = await s.ask("Q", "A1");
  await s.get("Q", `read ${USER}`);
  await s.takeBack();
  await s.get("Q", `commit ${USER}`);
  assert.equal(s.world.view.record(USER).lease?.process, "nobody");
  await s.let("Q", `read ${USER}`);
  await s.pass(20_000);
  await s.let("P", "A1 at Feishu");
  await s.rest();
  assert.equal(outcomeOf(waiting), "A2");
  assert.equal(s.presented("A1"), 1);
});

Deno.test("C12: a process that remembers a newer pair than the backup writes it back, and an earlier mark is void", async () => {
  await using s = await Schedule.begin({ hasUser: true });
  await s.logIn("P");
  await s.rest();
  const backup = s.world.kv.backup();
  assert.equal(await s.answer("P", "A1"), "A2");
  await s.takeBack(backup);
  await s.ask("Q", "A1");
  await s.get("Q", `mark ${USER}`);
  assert.equal(s.mark(USER), "needs_login");
  assert.equal(await s.answer("P", "A1"), "A2");
  assert.equal(await s.answer("Q", "A1"), "A2");
});

Deno.test("C12: a process that knows of its commit only by a read writes the pair back", async () => {
  await using s = await Schedule.begin();
  await s.ask("P", "A1");
  await s.get("P", "commit A1", "lies");
  await s.let("P", "read A1");
  await s.get("P", "clear the journal");
  await s.rest();
  await s.takeBack();
  assert.equal(await s.answer("P", "A1"), "A2");
  assert.equal(s.stored("A1"), "A2");
});

Deno.test("C12: a shortened link is written back too", async () => {
  await using s = await Schedule.begin();
  assert.equal(await s.answer("Q", "A1"), "A2");
  const backup = s.world.kv.backup();
  assert.equal(await s.answer("Q", "A2"), "A3");
  assert.equal(await s.answer("Q", "A1"), "A3");
  assert.equal(await s.answer("P", "A1"), "A3");
  await s.kill("Q");
  await s.takeBack(backup);
  assert.equal(await s.answer("P", "A1"), "A3");
});

Deno.test("C12: a store that goes back while it is being healed is read once more", async () => {
  await using s = await Schedule.begin({ hasUser: true });
  await s.logIn("P");
  await s.rest();
  const renewing = await s.ask("P", "A1");
  await s.get("P", "present A1", "leaves");
  await s.let("P", "A1 at Feishu", "fails before");
  await s.get("P", `release ${USER}`);
  // The outcome is unknown already, so nothing is held off for it.
  const backup = s.world.kv.backup();
  await s.rest();
  assert.equal(outcomeOf(renewing), "A2");
  await s.takeBack(backup);
  await s.ask("P", "A1");
  await s.get("P", `commit ${USER}`);
  await s.takeBack(backup);
  await s.rest();
  assert.equal(s.stored(USER), "A2");
  assert.equal(s.presented("A1"), 2);
});

Deno.test("C15: a caller who presents the same old token every day gets the newest pair", async () => {
  await using s = await Schedule.begin();
  // The links in between have ended by then, as their tokens have at Feishu.
  s.isJudged = false;
  const day = 24 * 60 * 60 * 1_000;
  for (let days = 1; days <= 20; days++) {
    assert.equal(await s.answer("P", "A1"), `A${days + 1}`);
    await s.pass(day);
    await s.world.kv.sweep(s.world.time.elapsedMs);
  }
  assert.equal(s.presented("A1"), 1);
});

Deno.test("C11: a claim that landed only because the store was deleted presents nothing", async () => {
  await using s = await Schedule.begin({ processes: ONE_MACHINE });
  await s.ask("P", "A1");
  await s.until("P", "claim A1");
  await s.ask("Q", "A1");
  await s.get("Q", "present A1");
  await s.pass(300);
  await s.let("Q", "journal A2");
  await s.takeBack();
  await s.let("P", "claim A1", "lands, answer slow");
  await s.let("Q", "commit A1");
  await s.let("Q", "clear the journal");
  await s.let("P", "claim A1: answer");
  await s.rest();
  assert.equal(s.presented("A1"), 1);
  assert.deepEqual(s.world.callers.questions.map(outcomeOf), ["A2", "A2"]);
});
