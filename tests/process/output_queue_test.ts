import assert from "node:assert/strict";
import { OutputQueue } from "../../src/process/output_queue.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { TestPipe } from "../support/test_pipe.ts";

Deno.test("OutputQueue writes texts in their order, and those that gathered together", async () => {
  const clock = new ManualClock();
  const pipe = new TestPipe(clock, 5);
  pipe.output.write("first\n");
  pipe.output.write("second\n");
  await pipe.output.progress();
  assert.equal(pipe.text, "first\n");
  pipe.output.write("third 三\n");
  await clock.untilSleeping(1);
  clock.pass(5);
  await pipe.output.drained();
  assert.equal(pipe.text, "first\nsecond\nthird 三\n");
  assert.equal(pipe.writes.length, 2);
  await clock.untilSleeping(1);
  clock.pass(5);
});

Deno.test("OutputQueue writes a text at once where nothing is to gather", async () => {
  const pipe = new TestPipe(new ManualClock());
  for (const text of ["one", "two"]) {
    pipe.output.write(text);
    await pipe.output.drained();
  }
  assert.equal(pipe.text, "onetwo");
});

Deno.test("OutputQueue counts bytes, and tells of progress by what a pipe takes", async () => {
  const pipe = new TestPipe(new ManualClock());
  pipe.stopReading();
  const large = "三".repeat(50_000);
  pipe.output.write(large);
  pipe.output.write("end");
  assert.equal(pipe.output.unsentBytes, 150_003);
  pipe.read();
  pipe.stopReading();
  await pipe.output.progress();
  assert.equal(pipe.output.unsentBytes, 150_003 - 65_536);
  pipe.read();
  await pipe.output.drained(20_000);
  assert.ok(pipe.output.unsentBytes <= 20_000);
  await pipe.output.drained();
  assert.equal(pipe.text, `${large}end`);
  assert.ok(pipe.writes.every((size) => size <= 65_536));
});

Deno.test("OutputQueue goes on where a write was taken in part", async () => {
  const taken: string[] = [];
  const output = new OutputQueue({
    clock: new ManualClock(),
    write: (bytes) => {
      taken.push(new TextDecoder().decode(bytes.subarray(0, 4)));
      return Promise.resolve(Math.min(bytes.length, 4));
    },
  });
  output.write("in three parts");
  await output.drained();
  assert.deepEqual(taken, ["in t", "hree", " par", "ts"]);
});

Deno.test("OutputQueue waits for room in a pipe that another program made non-blocking", async () => {
  const clock = new ManualClock();
  let isFull = true;
  let text = "";
  const output = new OutputQueue({
    clock,
    write: (bytes) => {
      if (isFull) return Promise.reject(new Deno.errors.WouldBlock("Resource temporarily unavailable"));
      text += new TextDecoder().decode(bytes);
      return Promise.resolve(bytes.length);
    },
  });
  output.write("kept");
  await clock.untilSleeping(1);
  isFull = false;
  clock.pass(20);
  await output.drained();
  assert.equal(text, "kept");
});

Deno.test("OutputQueue tells of the first failure, loses what it could not write, and tries the rest", async () => {
  const pipe = new TestPipe(new ManualClock());
  const full = new Error("No space left on device");
  pipe.break(full);
  pipe.output.write("lost");
  await pipe.output.drained();
  assert.equal(await pipe.output.failed, full);
  pipe.repair();
  pipe.output.write("written");
  await pipe.output.drained();
  assert.equal(pipe.text, "written");
});
