import assert from "node:assert/strict";
import { BoundedLines } from "../../src/log/bounded_lines.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { TestPipe } from "../support/test_pipe.ts";

const LINE = `${"x".repeat(1023)}\n`;
const MIB_LINES = 1024;

/** A log of lines of 1 KiB to a pipe that is not read, which has noted `count` of them. */
function unread(
  count: number,
): { readonly pipe: TestPipe; readonly lines: BoundedLines; readonly notes: number[] } {
  const pipe = new TestPipe(new ManualClock());
  pipe.stopReading();
  const notes: number[] = [];
  const lines = new BoundedLines(pipe.output, (dropped) => {
    notes.push(dropped);
    pipe.output.write(`${dropped} dropped\n`);
  });
  for (let line = 0; line < count; line++) lines.write(LINE);
  return { pipe, lines, notes };
}

Deno.test("BoundedLines lets 1 MiB wait and drops what comes then", () => {
  const { pipe } = unread(MIB_LINES * 5);
  assert.equal(pipe.output.unsentBytes, 1024 * 1024);
});

Deno.test("BoundedLines says how many lines were dropped once it is read again, where they would have stood", async () => {
  const { pipe, lines, notes } = unread(MIB_LINES + 7);
  pipe.read();
  await pipe.output.drained();
  lines.write("next\n");
  await pipe.output.drained();
  assert.deepEqual(notes, [7]);
  assert.equal(pipe.text, `${LINE.repeat(MIB_LINES)}7 dropped\nnext\n`);
});

Deno.test("BoundedLines counts anew each time", async () => {
  const { pipe, lines, notes } = unread(MIB_LINES + 1);
  pipe.read();
  await pipe.output.drained();
  pipe.stopReading();
  for (let line = 0; line < MIB_LINES + 2; line++) lines.write(LINE);
  pipe.read();
  await pipe.output.drained();
  assert.deepEqual(notes, [1, 2]);
});

Deno.test("BoundedLines drops nothing of a log that is read", async () => {
  const { pipe, lines, notes } = unread(0);
  pipe.read();
  for (let line = 0; line < MIB_LINES * 3; line++) {
    lines.write(LINE);
    await pipe.output.drained();
  }
  assert.deepEqual([pipe.text.length, notes], [MIB_LINES * 3 * LINE.length, []]);
});
