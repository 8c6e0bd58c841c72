import assert from "node:assert/strict";
import { RenewalReport } from "../../bench/renewal/renewal_report.ts";
import type { StampedeFigures } from "../../bench/renewal/stampede.ts";

const STAMPEDE = { callers: 1_000, processes: 4, rounds: 3, latencyMs: 300 };
const STALL = { callers: 64, processes: 4, rounds: 3, perSecond: 400, stallMs: 10_000 };
const WAITS = { p50: 310, p99: 350.4, max: 360 };

function stampede(upstreamCalls: number): StampedeFigures {
  return { upstreamMs: 300, cold: WAITS, warm: WAITS, beyondUpstreamMs: 50.4, upstreamCalls };
}

Deno.test("isSound is true when every stampede made one call and every stall hung one", () => {
  const report = new RenewalReport();
  report.stampede("file", STAMPEDE, { app: stampede(1), refresh: stampede(1) });
  report.stall("file", STALL, { undisturbed: WAITS, stalled: WAITS, ratio: 1, hungCalls: 1 });
  assert(report.isSound);
});

Deno.test.each([0, 2])("isSound is false when a stampede made %i calls", (calls) => {
  const report = new RenewalReport();
  report.stampede("file", STAMPEDE, { app: stampede(1), refresh: stampede(calls) });
  assert(!report.isSound);
});

Deno.test("isSound is false when no call hung in a stall", () => {
  const report = new RenewalReport();
  report.stall("file", STALL, { undisturbed: WAITS, stalled: WAITS, ratio: 1, hungCalls: 0 });
  assert(!report.isSound);
});

Deno.test("text shows a stampede's aim by what the same callers cost with a token", () => {
  const report = new RenewalReport();
  report.stampede("file", STAMPEDE, { app: stampede(1), refresh: stampede(1) });
  report.stampede("denokv", STAMPEDE, { app: stampede(1), refresh: stampede(1) });
  assert.deepEqual(report.text.match(/≤ \d+/g), ["≤ 576", "≤ 576", "≤ 626", "≤ 626"]);
});

Deno.test("text shows no table of a part that was not measured", () => {
  const report = new RenewalReport();
  report.records("denokv", { records: 100_000, reads: 10, rounds: 3 }, {
    oneMs: 0.5,
    manyMs: 0.6,
    ratio: 1.2,
  });
  assert.deepEqual(report.text.split("\n").map((line) => line.split("|")[1]?.trim()), [
    ...[undefined, undefined, "store", "------", "denokv", undefined],
  ]);
  assert.match(report.text, /^One record beside 100,000, /);
});
