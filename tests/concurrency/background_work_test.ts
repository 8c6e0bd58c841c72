import assert from "node:assert/strict";
import { BackgroundWork } from "../../src/concurrency/background_work.ts";

/** Waits for the signal's end, which it answers by rejecting, as a sleep does. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

function unexpected(name: string, error: unknown): void {
  assert.fail(`${name} failed: ${error}`);
}

Deno.test("end() aborts all work, and waits until it has ended", async () => {
  const background = new BackgroundWork(unexpected);
  const ended: string[] = [];
  const cleanUp = Promise.withResolvers<void>();
  background.start("slow", async (signal) => {
    await untilAborted(signal).catch(() => {});
    await cleanUp.promise;
    ended.push("slow");
  });
  background.start("sleeping", untilAborted);
  const ending = background.end().then(() => ended.push("all"));
  cleanUp.resolve();
  await ending;
  assert.deepEqual(ended, ["slow", "all"]);
});

Deno.test("work that fails is reported by its name, and takes no other down", async () => {
  const failures: unknown[][] = [];
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  const background = new BackgroundWork((...failure) => {
    failures.push(failure);
    tell();
  });
  const error = new Error("broken");
  background.start("broken", () => Promise.reject(error));
  let hasEnded = false;
  background.start("other", async (signal) => {
    await untilAborted(signal).catch(() => {});
    hasEnded = true;
  });
  await told;
  await background.end();
  assert.deepEqual(failures, [["broken", error]]);
  assert.equal(hasEnded, true);
});

Deno.test("start() starts nothing after the end", async () => {
  const background = new BackgroundWork(unexpected);
  await background.end();
  background.start("late", () => assert.fail("started"));
});
