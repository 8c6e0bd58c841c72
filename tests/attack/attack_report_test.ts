import assert from "node:assert/strict";
import { attackReport, hasFaults, lastLine, type PartOutcome, traceOf } from "../../attack/attack_report.ts";
import { type FindingKind, Findings } from "../../attack/findings.ts";

const OPTIONS = { parts: ["http", "disk"], seed: 5, isShort: true };
const RESULT = { cases: 12, sent: "odd requests", figures: ["78 → 90 MiB", "40 log lines"] };

function outcome(found: readonly FindingKind[], result: PartOutcome["result"] = RESULT): PartOutcome {
  const findings = new Findings();
  for (const kind of found) findings.add(kind, "a case", "seen");
  return { name: "http", findings, result, tookMs: 1_500 };
}

Deno.test("lastLine() counts what was found in all parts", () => {
  const outcomes = [outcome(["crash", "secret", "secret"]), outcome(["bare_5xx"]), outcome([], "failed")];
  const line = "seed=5 cases=24 crash=1 bare_5xx=1 hang=0 secret=2 lost=0 other=0 failed_parts=1";
  assert.equal(lastLine(OPTIONS, outcomes), line);
});

Deno.test("attackReport() has a row for each part, with its verdict, and the command that repeats the run", () => {
  const skipped = outcome([], { skipped: "no mount" });
  const report = attackReport(
    OPTIONS,
    [outcome([]), outcome(["hang"]), outcome([], "failed"), skipped],
    "2026-11-30, a machine",
  );
  assert.match(report, /^2026-11-30, a machine\. `deno task attack http disk --seed 5 --short`, 6 s\.$/m);
  const verdicts = [...report.matchAll(/^\| http .*\| (.+?) +\|$/gm)].map(([, verdict]) => verdict);
  assert.deepEqual(verdicts, ["holds", "fails", "broke off", "SKIPPED: no mount"]);
  assert.match(
    report,
    /^\| http +\| 12 +\| odd requests +\| 0 +\| 0 +\| 1 +\| 0 +\| 0 +\| 0 +\| fails +\|$/m,
  );
  assert.match(report, /^- `http`: 78 → 90 MiB; 40 log lines\.$/m);
});

Deno.test("hasFaults() is true for a finding and for a part that broke off, not for one that was skipped", () => {
  assert.equal(hasFaults([outcome([]), outcome([], { skipped: "no mount" })]), false);
  assert.equal(hasFaults([outcome(["other"])]), true);
  assert.equal(hasFaults([outcome([], "failed")]), true);
});

Deno.test("traceOf() tells what was found, and how much more of it there is", () => {
  assert.deepEqual(traceOf(outcome(["lost"])), ["http: lost: a case: seen"]);
  const many = traceOf(outcome(Array.from({ length: 100 }, () => "crash")));
  assert.match(many.at(-1) ?? "", /^http: \d+ more of crash$/);
});
