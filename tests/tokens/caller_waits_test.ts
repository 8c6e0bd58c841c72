import assert from "node:assert/strict";
import { TokenError } from "../../src/errors/token_error.ts";
import { CallerWaits } from "../../src/tokens/caller_waits.ts";
import { CALLER_DEADLINE_MS } from "../../src/tokens/constants.ts";
import { ManualClock } from "../support/manual_clock.ts";

function never(): Promise<string> {
  return Promise.withResolvers<string>().promise;
}

function isComeBack(error: unknown): boolean {
  return error instanceof TokenError && error.code === "renewal_in_progress";
}

Deno.test("bounded() gives what comes of the work, and leaves no timer behind", async () => {
  const clock = new ManualClock();
  const waits = new CallerWaits(clock);
  assert.equal(await waits.bounded(Promise.resolve("done")), "done");
  await assert.rejects(waits.bounded(Promise.reject(new Error("crashed"))), /crashed/);
  assert.equal(clock.sleeping, 0);
});

Deno.test("bounded() counts the wait of callers who come together by one timer, and ends it for each of them", async () => {
  const clock = new ManualClock();
  const waits = new CallerWaits(clock);
  const waiting = [waits.bounded(never())];
  clock.pass(999);
  waiting.push(waits.bounded(never()));
  assert.equal(clock.sleeping, 1);
  clock.pass(CALLER_DEADLINE_MS - 999);
  for (const wait of waiting) await assert.rejects(wait, isComeBack);
});

Deno.test("bounded() lets nobody wait for longer than the deadline, nor for much less", async () => {
  const clock = new ManualClock();
  const waits = new CallerWaits(clock);
  const first = waits.bounded(never());
  clock.pass(1_000);
  let isOver = false;
  const second = waits.bounded(never()).finally(() => isOver = true);
  clock.pass(CALLER_DEADLINE_MS - 1_000);
  await assert.rejects(first, isComeBack);
  assert.equal(isOver, false);
  clock.pass(1_000);
  await assert.rejects(second, isComeBack);
});

Deno.test("bounded() begins anew when all of those who came together have left", async () => {
  const clock = new ManualClock();
  const waits = new CallerWaits(clock);
  assert.equal(await waits.bounded(Promise.resolve("done")), "done");
  clock.pass(500);
  const wait = waits.bounded(never());
  clock.pass(CALLER_DEADLINE_MS - 1);
  assert.equal(clock.sleeping, 1);
  clock.pass(1);
  await assert.rejects(wait, isComeBack);
});

Deno.test("bounded() ends the wait of a caller that hangs up, and of no other", async () => {
  const clock = new ManualClock();
  const waits = new CallerWaits(clock);
  const work = Promise.withResolvers<string>();
  const caller = new AbortController();
  const gone = waits.bounded(work.promise, caller.signal);
  const other = waits.bounded(work.promise);
  caller.abort(new Error("gone"));
  await assert.rejects(gone, /gone/);
  await assert.rejects(waits.bounded(work.promise, caller.signal), /gone/);
  work.resolve("done");
  assert.equal(await other, "done");
  assert.equal(clock.sleeping, 0);
});

Deno.test("bounded() listens to no caller that is answered", async () => {
  const waits = new CallerWaits(new ManualClock());
  const caller = new AbortController();
  let listeners = 0;
  const { signal } = caller;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...args: Parameters<typeof add>): void => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>): void => {
    listeners--;
    remove(...args);
  };
  assert.equal(await waits.bounded(Promise.resolve("done"), signal), "done");
  assert.equal(listeners, 0);
});

Deno.test("bounded() takes no failure for unhandled that comes after the wait has ended", async () => {
  const clock = new ManualClock();
  const waits = new CallerWaits(clock);
  const work = Promise.withResolvers<string>();
  const wait = waits.bounded(work.promise);
  clock.pass(CALLER_DEADLINE_MS);
  await assert.rejects(wait, isComeBack);
  work.reject(new Error("too late"));
  await Promise.resolve();
});
