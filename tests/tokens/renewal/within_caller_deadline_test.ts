import assert from "node:assert/strict";
import { TokenError } from "../../../src/errors/token_error.ts";
import {
  CALLER_DEADLINE_MS,
  withinCallerDeadline,
} from "../../../src/tokens/renewal/within_caller_deadline.ts";
import { ManualClock } from "../../support/manual_clock.ts";

function never(): Promise<string> {
  return Promise.withResolvers<string>().promise;
}

function isComeBack(error: unknown): boolean {
  return error instanceof TokenError && error.code === "renewal_in_progress";
}

Deno.test("withinCallerDeadline() gives what the work gives, and leaves no timer behind", async () => {
  const clock = new ManualClock();
  assert.equal(await withinCallerDeadline(clock, Promise.resolve("done"), {}), "done");
  await assert.rejects(withinCallerDeadline(clock, Promise.reject(new Error("crashed")), {}), /crashed/);
  assert.equal(clock.sleeping, 0);
});

Deno.test("withinCallerDeadline() lets nobody wait for longer than the deadline", async () => {
  const clock = new ManualClock();
  let isOver = false;
  const wait = withinCallerDeadline(clock, never(), {}).finally(() => isOver = true);
  clock.pass(CALLER_DEADLINE_MS - 1);
  await Promise.resolve();
  assert.equal(isOver, false);
  clock.pass(1);
  await assert.rejects(wait, isComeBack);
});

Deno.test("withinCallerDeadline() says at the deadline how the last attempt failed", async () => {
  const clock = new ManualClock();
  let lastFailure = new TokenError("feishu_unavailable", {
    detail: { en: "the first attempt", zh: "第一次" },
  });
  const wait = withinCallerDeadline(clock, never(), { lastFailure: () => lastFailure });
  lastFailure = new TokenError("feishu_unavailable", {
    detail: { en: "reset by peer", zh: "连接被重置" },
    logId: "log-1",
  });
  clock.pass(CALLER_DEADLINE_MS);
  await assert.rejects(wait, (error) => {
    assert(isComeBack(error) && error instanceof TokenError);
    assert.match(error.message, /still under way: the last attempt ended so: .*reset by peer/);
    assert.equal(error.detail.logId, "log-1");
    return true;
  });
});

Deno.test("withinCallerDeadline() ends the wait of a caller that hangs up, and of no other", async () => {
  const clock = new ManualClock();
  const work = Promise.withResolvers<string>();
  const caller = new AbortController();
  const gone = withinCallerDeadline(clock, work.promise, { signal: caller.signal });
  const other = withinCallerDeadline(clock, work.promise, {});
  caller.abort(new Error("gone"));
  await assert.rejects(gone, /gone/);
  await assert.rejects(withinCallerDeadline(clock, work.promise, { signal: caller.signal }), /gone/);
  work.resolve("done");
  assert.equal(await other, "done");
  assert.equal(clock.sleeping, 0);
});

Deno.test("withinCallerDeadline() takes no failure for unhandled that comes after the wait has ended", async () => {
  const clock = new ManualClock();
  const work = Promise.withResolvers<string>();
  const wait = withinCallerDeadline(clock, work.promise, {});
  clock.pass(CALLER_DEADLINE_MS);
  await assert.rejects(wait, isComeBack);
  work.reject(new Error("too late"));
  await Promise.resolve();
});
