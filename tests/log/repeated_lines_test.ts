import assert from "node:assert/strict";
import { RepeatedLines } from "../../src/log/repeated_lines.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { ManualClock } from "../support/manual_clock.ts";

const LINE = { kind: "a", level: "info", event: "refused", fields: { why: "a" } } as const;

function make(): { lines: RepeatedLines; clock: ManualClock; log: RecordingLog; call: RecordingLog } {
  const clock = new ManualClock();
  const log = new RecordingLog();
  return { clock, log, call: log.with({ request_id: "x" }), lines: new RepeatedLines({ clock, log }) };
}

/** Lets the windows that are over tell their numbers. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  clock.pass(ms);
  await Promise.resolve();
}

Deno.test("RepeatedLines writes the first line of a kind at once, with what is its own", () => {
  const { lines, log, call } = make();
  lines.write(call, { ...LINE, first: { ms: 1 } });
  lines.write(call, { ...LINE, kind: "b", fields: { why: "b" } });
  assert.deepEqual(log.lines.map(({ fields }) => fields), [
    { request_id: "x", why: "a", ms: 1 },
    { request_id: "x", why: "b" },
  ]);
});

Deno.test("RepeatedLines tells the number of further ones every ten seconds while they come", async () => {
  const { lines, clock, log, call } = make();
  for (let window = 0; window < 3; window++) {
    for (let i = 0; i < 100; i++) lines.write(call, LINE);
    await pass(clock, 10_000);
  }
  assert.deepEqual(log.lines.map(({ fields }) => fields["repeated"]), [undefined, 99, 100, 100]);
  assert.deepEqual(log.lines[1], {
    level: "info",
    event: "refused",
    fields: { why: "a", repeated: 99, within_seconds: 10 },
  });
});

Deno.test("RepeatedLines forgets a kind that did not come again, and leaves no timer", async () => {
  const { lines, clock, log, call } = make();
  lines.write(call, LINE);
  await pass(clock, 10_000);
  assert.deepEqual([log.lines.length, clock.sleeping], [1, 0]);
  lines.write(call, LINE);
  assert.equal(log.lines.length, 2);
});

Deno.test("RepeatedLines writes up to five variants of a kind in each window, and counts the rest", async () => {
  const { lines, clock, log, call } = make();
  const write = (variant: string): void => lines.write(call, { ...LINE, first: { variant }, variant });
  for (let i = 0; i < 20; i++) write(`host${i % 8}`);
  const shown = (): unknown[] => log.lines.map(({ fields }) => fields["variant"] ?? fields["repeated"]);
  assert.deepEqual(shown(), ["host0", "host1", "host2", "host3", "host4"]);
  await pass(clock, 10_000);
  write("host7");
  write("host7");
  assert.deepEqual(shown().slice(5), [15, "host7"]);
});

Deno.test("RepeatedLines counts kinds beyond the hundredth together", async () => {
  const { lines, clock, log, call } = make();
  for (let i = 0; i < 5000; i++) lines.write(call, { ...LINE, kind: String(i) });
  assert.equal(log.lines.length, 101);
  await pass(clock, 10_000);
  assert.deepEqual([log.lines.length, log.lines.at(-1)?.fields["repeated"]], [102, 4899]);
  assert.equal(clock.sleeping, 1);
});

Deno.test("RepeatedLines tells what it has counted when it is flushed, and leaves no timer", () => {
  const { lines, clock, log, call } = make();
  for (let i = 0; i < 7; i++) lines.write(call, LINE);
  lines.flush();
  assert.deepEqual([log.lines.length, log.lines[1]?.fields["repeated"], clock.sleeping], [2, 6, 0]);
  lines.write(call, LINE);
  assert.deepEqual([log.lines.length, clock.sleeping], [3, 0]);
});
