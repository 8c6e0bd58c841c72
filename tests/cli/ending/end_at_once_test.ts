import assert from "node:assert/strict";
import { endAtOnce } from "../../../src/cli/ending/end_at_once.ts";
import { realPlatform } from "../../../src/platform.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { TestPipe } from "../../support/test_pipe.ts";

/** A program whose standard error is a pipe, and which has just said something. */
function speakingProgram(clock: ManualClock, pipe: TestPipe): Promise<number> {
  const { promise: exited, resolve } = Promise.withResolvers<number>();
  pipe.output.write("what it costs\n");
  endAtOnce({
    ...realPlatform(),
    clock,
    stderr: pipe.output,
    exit: (code) => {
      resolve(code);
      return undefined as never;
    },
  });
  return exited;
}

Deno.test("endAtOnce() ends with 130 when the log is written", async () => {
  const clock = new ManualClock();
  const pipe = new TestPipe(clock);
  assert.equal(await speakingProgram(clock, pipe), 130);
  assert.equal(pipe.text, "what it costs\n");
});

Deno.test("endAtOnce() ends after a second when nobody reads the log", async () => {
  const clock = new ManualClock();
  const pipe = new TestPipe(clock);
  pipe.stopReading();
  const exited = speakingProgram(clock, pipe);
  await clock.untilSleeping(1);
  clock.pass(1000);
  assert.equal(await exited, 130);
  pipe.read();
  await pipe.output.drained();
});
