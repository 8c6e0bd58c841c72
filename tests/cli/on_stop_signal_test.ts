import assert from "node:assert/strict";
import { onStopSignal } from "../../src/cli/on_stop_signal.ts";
import { realPlatform } from "../../src/compose.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { TestPipe } from "../support/test_pipe.ts";

/** A program that handles signals, on a clock that stands still. */
class SignalledProgram {
  readonly clock = new ManualClock();
  readonly stderr = new TestPipe(this.clock);
  /** What its handlers were told, in order. */
  readonly told: string[] = [];
  /** Resolves with the exit code. */
  readonly exited: Promise<number>;
  signal: () => void = () => {};
  /** Ends the handling. */
  readonly end: () => void;

  constructor() {
    const exited = Promise.withResolvers<number>();
    this.exited = exited.promise;
    const platform = {
      ...realPlatform(),
      clock: this.clock,
      stderr: this.stderr.output,
      onSignal: (handler: () => void): () => void => {
        this.signal = handler;
        return () => this.signal = () => {};
      },
      exit: (code: number): never => {
        exited.resolve(code);
        return undefined as never;
      },
    };
    this.end = onStopSignal({
      platform,
      onStop: () => this.told.push("stop"),
      onEndAtOnce: () => {
        this.told.push("end at once");
        platform.stderr.write("the price\n");
      },
    });
  }
}

Deno.test("onStopSignal() takes the signals of one key press for one", () => {
  const program = new SignalledProgram();
  program.signal();
  program.signal();
  program.clock.pass(1000);
  program.signal();
  assert.deepEqual(program.told, ["stop"]);
});

Deno.test("onStopSignal() ends the program with 130 at a later signal, once that is said", async () => {
  const program = new SignalledProgram();
  program.signal();
  program.clock.pass(1001);
  program.signal();
  program.signal();
  assert.equal(await program.exited, 130);
  assert.deepEqual(program.told, ["stop", "end at once"]);
  assert.equal(program.stderr.text, "the price\n");
});

Deno.test("onStopSignal() waits a second at most for who does not read what is said", async () => {
  const program = new SignalledProgram();
  program.stderr.stopReading();
  program.signal();
  program.clock.pass(1001);
  program.signal();
  await program.clock.untilSleeping(1);
  program.clock.pass(1000);
  assert.equal(await program.exited, 130);
  program.stderr.read();
  await program.stderr.output.drained();
});

Deno.test("onStopSignal() hears nothing any more when it has ended", () => {
  const program = new SignalledProgram();
  program.end();
  program.signal();
  assert.deepEqual(program.told, []);
});
