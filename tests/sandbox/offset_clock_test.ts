import assert from "node:assert/strict";
import { OffsetClock } from "../../src/sandbox/offset_clock.ts";
import { ManualClock } from "../support/manual_clock.ts";

Deno.test("OffsetClock.advance() moves the wall clock and leaves monotonic time alone", () => {
  const base = new ManualClock();
  const clock = new OffsetClock(base);
  clock.advance(5_000);
  assert.equal(clock.now(), base.now() + 5_000);
  assert.equal(clock.monotonic(), base.monotonic());
});

Deno.test("OffsetClock.advance() adds up and goes back when negative", () => {
  const clock = new OffsetClock(new ManualClock());
  clock.advance(5_000);
  clock.advance(-7_000);
  assert.equal(clock.offsetMs, -2_000);
});

Deno.test("OffsetClock.now() goes on with the base clock after a move", () => {
  const base = new ManualClock();
  const clock = new OffsetClock(base);
  clock.advance(5_000);
  const before = clock.now();
  base.pass(10);
  assert.equal(clock.now(), before + 10);
});

Deno.test("OffsetClock.setOffset() counts each move in seq", () => {
  const clock = new OffsetClock(new ManualClock());
  clock.advance(1);
  clock.setOffset(0);
  clock.setOffset(0);
  assert.equal(clock.seq, 3);
});

Deno.test("OffsetClock.setOffset() throws RangeError and does not move when the offset is not finite", () => {
  const clock = new OffsetClock(new ManualClock());
  assert.throws(() => clock.setOffset(Number.NaN), RangeError);
  assert.equal(clock.seq, 0);
});

Deno.test("OffsetClock.onMove() tells of each move until it is ended", () => {
  const clock = new OffsetClock(new ManualClock());
  const told: number[] = [];
  const end = clock.onMove(() => told.push(clock.offsetMs));
  clock.advance(1);
  clock.advance(1);
  end();
  clock.advance(1);
  assert.deepEqual(told, [1, 2]);
});

Deno.test("OffsetClock.sleep() waits on the base clock whatever the offset", async () => {
  const base = new ManualClock();
  const clock = new OffsetClock(base);
  const slept = clock.sleep(100);
  clock.advance(1_000);
  assert.equal(base.sleeping, 1);
  base.pass(100);
  await slept;
});
