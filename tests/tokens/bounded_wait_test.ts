import assert from "node:assert/strict";
import { TokenError } from "../../src/errors/token_error.ts";
import { boundedWait } from "../../src/tokens/bounded_wait.ts";
import { CALLER_DEADLINE_MS } from "../../src/tokens/constants.ts";
import { ManualClock } from "../support/manual_clock.ts";

function never(): Promise<string> {
  return Promise.withResolvers<string>().promise;
}

function isComeBack(error: unknown): boolean {
  return error instanceof TokenError && error.code === "renewal_in_progress";
}

Deno.test("boundedWait() gives what the work gives, and leaves no timer behind", async () => {
  const clock = new ManualClock();
  assert.equal(await boundedWait(clock, Promise.resolve("done")), "done");
  await assert.rejects(boundedWait(clock, Promise.reject(new Error("crashed"))), /crashed/);
  assert.equal(clock.sleeping, 0);
});

Deno.test("boundedWait() lets nobody wait for longer than the deadline", async () => {
  const clock = new ManualClock();
  let isOver = false;
  const wait = boundedWait(clock, never()).finally(() => isOver = true);
  clock.pass(CALLER_DEADLINE_MS - 1);
  await Promise.resolve();
  assert.equal(isOver, false);
  clock.pass(1);
  await assert.rejects(wait, isComeBack);
});

Deno.test("boundedWait() ends the wait of a caller that hangs up, and of no other", async () => {
  const clock = new ManualClock();
  const work = Promise.withResolvers<string>();
  const caller = new AbortController();
  const gone = boundedWait(clock, work.promise, caller.signal);
  const other = boundedWait(clock, work.promise);
  caller.abort(new Error("gone"));
  await assert.rejects(gone, /gone/);
  await assert.rejects(boundedWait(clock, work.promise, caller.signal), /gone/);
  work.resolve("done");
  assert.equal(await other, "done");
  assert.equal(clock.sleeping, 0);
});

Deno.test("boundedWait() takes no failure for unhandled that comes after the wait has ended", async () => {
  const clock = new ManualClock();
  const work = Promise.withResolvers<string>();
  const wait = boundedWait(clock, work.promise);
  clock.pass(CALLER_DEADLINE_MS);
  await assert.rejects(wait, isComeBack);
  work.reject(new Error("too late"));
  await Promise.resolve();
});
