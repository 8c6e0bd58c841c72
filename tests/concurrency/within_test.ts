import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { TIME_IS_UP, within } from "../../src/concurrency/within.ts";
import { REAL_CLOCK } from "../support/token_world.ts";

const NEVER_MS = 3_600_000;

Deno.test("within() passes on what the work gives", async () => {
  assert.equal(await within(REAL_CLOCK, NEVER_MS, Promise.resolve(7)), 7);
});

Deno.test("within() passes on what the work throws", async () => {
  await assert.rejects(within(REAL_CLOCK, NEVER_MS, Promise.reject(new Error("broken"))), /broken/);
});

Deno.test("within() ends the wait when the time is up, and leaves the work alone", async () => {
  const work = Promise.withResolvers<number>();
  assert.equal(await within(REAL_CLOCK, 1, work.promise), TIME_IS_UP);
  work.reject(new Error("too late to matter"));
});

Deno.test("within() ends the wait with the signal's reason", async () => {
  const caller = new AbortController();
  const waiting = within(REAL_CLOCK, NEVER_MS, new Promise<never>(() => {}), caller.signal);
  caller.abort(new Error("gone"));
  await assert.rejects(waiting, /gone/);
});

Deno.test("within() does not wait at all under a signal that is aborted already", async () => {
  const waiting = within(
    REAL_CLOCK,
    NEVER_MS,
    new Promise<never>(() => {}),
    AbortSignal.abort(new Error("gone")),
  );
  await assert.rejects(waiting, /gone/);
});

Deno.test("within() leaves nothing behind on a signal that outlives it", async () => {
  const process = new AbortController();
  await within(REAL_CLOCK, NEVER_MS, Promise.resolve(), process.signal);
  assert.equal(getEventListeners(process.signal, "abort").length, 0);
});
