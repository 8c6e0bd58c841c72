import assert from "node:assert/strict";
import { ClockFollowers } from "../../src/sandbox/clock_followers.ts";
import { OffsetClock } from "../../src/sandbox/offset_clock.ts";
import { ManualClock } from "../support/manual_clock.ts";

interface Scene {
  readonly base: ManualClock;
  readonly clock: OffsetClock;
  readonly followers: ClockFollowers;
  readonly signal: AbortSignal;
  readonly leave: AbortController;
}

function scene(): Scene {
  const base = new ManualClock();
  const clock = new OffsetClock(base);
  const leave = new AbortController();
  return { base, clock, followers: new ClockFollowers(clock), signal: leave.signal, leave };
}

/** Whether a promise is settled once everything that can happen now has happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(() => settled = true, () => settled = true);
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  return settled;
}

Deno.test("ClockFollowers.poll() resolves at once when the seq has gone on", async () => {
  const { clock, followers, signal } = scene();
  clock.advance(1);
  await followers.poll(0, signal);
  assert.equal(followers.waiting, 0);
});

Deno.test("ClockFollowers.poll() waits until the clock is moved", async () => {
  const { base, clock, followers, signal } = scene();
  const polled = followers.poll(0, signal);
  assert.equal(await isSettled(polled), false);
  clock.advance(1);
  await polled;
  assert.equal(base.sleeping, 0);
});

Deno.test("ClockFollowers.poll() resolves after 25 s when nothing happens", async () => {
  const { base, followers, signal } = scene();
  const polled = followers.poll(0, signal);
  base.pass(24_999);
  assert.equal(await isSettled(polled), false);
  base.pass(1);
  await polled;
});

Deno.test("ClockFollowers.poll() rejects and leaves no timer when its client leaves", async () => {
  const { base, followers, signal, leave } = scene();
  const polled = followers.poll(0, signal);
  leave.abort(new Error("gone"));
  await assert.rejects(polled, /gone/);
  assert.equal(base.sleeping, 0);
  assert.equal(followers.waiting, 0);
});

Deno.test("ClockFollowers.settled() resolves at once when nobody follows", async () => {
  const { base, clock, followers, signal } = scene();
  clock.advance(1);
  await followers.settled(signal);
  assert.equal(base.sleeping, 0);
});

Deno.test("ClockFollowers.settled() waits until every follower has asked again", async () => {
  const { clock, followers, signal, leave } = scene();
  const polls = [followers.poll(0, signal), followers.poll(0, signal)];
  clock.advance(1);
  const settled = followers.settled(signal);
  await Promise.all(polls);
  const first = followers.poll(1, signal);
  assert.equal(await isSettled(settled), false);
  const second = followers.poll(1, signal);
  await settled;
  leave.abort(new Error("end of test"));
  await Promise.allSettled([first, second]);
});

Deno.test("ClockFollowers.settled() gives up after 2 s when a follower does not come back", async () => {
  const { base, clock, followers, signal } = scene();
  const polled = followers.poll(0, signal);
  clock.advance(1);
  const settled = followers.settled(signal);
  await polled;
  base.pass(1_999);
  assert.equal(await isSettled(settled), false);
  base.pass(1);
  await settled;
});

Deno.test("ClockFollowers.settled() does not wait for a follower that it gave up on before", async () => {
  const { base, clock, followers, signal } = scene();
  const polled = followers.poll(0, signal);
  clock.advance(1);
  const settled = followers.settled(signal);
  await polled;
  base.pass(2_000);
  await settled;
  clock.advance(1);
  await followers.settled(signal);
  assert.equal(base.sleeping, 0);
});

Deno.test("ClockFollowers.settled() does not wait for a follower that left while it waited", async () => {
  const { base, clock, followers, signal, leave } = scene();
  const polled = followers.poll(0, leave.signal);
  leave.abort(new Error("gone"));
  await assert.rejects(polled);
  clock.advance(1);
  await followers.settled(AbortSignal.any([]));
  assert.equal(base.sleeping, 0);
  assert(signal.aborted);
});
