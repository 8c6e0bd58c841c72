import assert from "node:assert/strict";
import type { FinalAnswer } from "../../chaos/checker/observed_run.ts";
import { check } from "../../chaos/checker/check.ts";
import { call, type MadeUp, run } from "./made_up_run.ts";

const UNKNOWN: FinalAnswer = { kind: "error", code: "rotation_outcome_unknown", logId: "log-1" };
const CUT = { end: "cut", outcome: "dropped_after" } as const;

function reasons(madeUp: MadeUp): string[] {
  return check(run(madeUp)).silentLosses.map(({ reason }) => reason);
}

Deno.test("check() finds no loss where every caller got the newest pair", () => {
  const { silentLosses, reportedLosses } = check(run());
  assert.deepEqual([silentLosses, reportedLosses], [[], []]);
});

Deno.test("check() takes a pair as reported whose answer was cut, and callers were told so with a log id", () => {
  const { silentLosses, reportedLosses } = check(
    run({ calls: [call({ ...CUT })], told: [UNKNOWN, UNKNOWN] }),
  );
  assert.deepEqual(silentLosses, []);
  assert.deepEqual(reportedLosses.map(({ family, call }) => [family.id, call.seq]), [[1, 1]]);
});

Deno.test("check() takes a pair as reported whose process was killed just when it was answered", () => {
  assert.deepEqual(reasons({ p: { killedMs: 1_012 }, told: [UNKNOWN, UNKNOWN] }), []);
});

const LOSSES: readonly (readonly [string, MadeUp, RegExp])[] = [
  ["nobody asked", { told: [] }, /nobody asked/],
  ["a caller got an older pair", { told: [{ kind: "pair", refreshToken: "r1" }] }, /an older pair/],
  ["one of two callers got an older pair", {
    told: [{ kind: "pair", refreshToken: "r2" }, { kind: "pair", refreshToken: "r1" }],
  }, /an older pair|got/],
  ["a caller got no answer", { told: [{ kind: "none" }] }, /no answer/],
  ["a caller was told that the token is spent", {
    calls: [call({ ...CUT })],
    told: [{ kind: "error", code: "refresh_token_spent", logId: "log-1" }],
  }, /told refresh_token_spent/],
  ["it was reported without a log id", {
    calls: [call({ ...CUT })],
    told: [{ kind: "error", code: "rotation_outcome_unknown" }],
  }, /without a log id/],
  ["its process lived on", { told: [UNKNOWN, UNKNOWN] }, /had it/],
  ["its process lived on for 3 s", { p: { killedMs: 4_100 }, told: [UNKNOWN, UNKNOWN] }, /had it/],
  ["it was given to a caller and its process killed at once", {
    p: { killedMs: 1_012 },
    served: ["r2"],
    told: [UNKNOWN, UNKNOWN],
  }, /had it/],
  ["its process gave up early", {
    calls: [call({ end: "left", endedMs: 3_000, outcome: "dropped_after" })],
    told: [UNKNOWN, UNKNOWN],
  }, /had it/],
  ["nobody ever presented it", { calls: [], issued: 1, told: [UNKNOWN, UNKNOWN] }, /never presented/],
];

Deno.test.each(LOSSES)("check() finds a silent loss where %s", (_what, madeUp, reason) => {
  const [found = "", ...more] = reasons(madeUp);
  assert.match(found, reason);
  assert.deepEqual(more, []);
});
