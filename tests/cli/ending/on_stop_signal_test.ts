import assert from "node:assert/strict";
import { onStopSignal } from "../../../src/cli/ending/on_stop_signal.ts";
import { ManualClock } from "../../support/manual_clock.ts";

/** A program that handles signals, on a clock that stands still. */
class SignalledProgram {
  readonly clock = new ManualClock();
  /** What it was told, in order. */
  readonly told: string[] = [];
  signal: () => void = () => {};
  /** Ends the handling. */
  readonly end: () => void;

  constructor() {
    const onSignal = (handler: () => void): () => void => {
      this.signal = handler;
      return () => this.signal = () => {};
    };
    this.end = onStopSignal({
      platform: { clock: this.clock, onSignal },
      onStop: () => this.told.push("stop"),
      onEndAtOnce: () => this.told.push("end at once"),
    });
  }
}

Deno.test("onStopSignal() takes the signals of a second for one key press", () => {
  const program = new SignalledProgram();
  program.signal();
  program.signal();
  program.clock.pass(1000);
  program.signal();
  assert.deepEqual(program.told, ["stop"]);
});

Deno.test("onStopSignal() ends the program at once when a signal comes later", () => {
  const program = new SignalledProgram();
  program.signal();
  program.clock.pass(1001);
  program.signal();
  assert.deepEqual(program.told, ["stop", "end at once"]);
});

Deno.test("onStopSignal() hears nothing any more when it has ended", () => {
  const program = new SignalledProgram();
  program.end();
  program.signal();
  assert.deepEqual(program.told, []);
});
