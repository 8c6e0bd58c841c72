import assert from "node:assert/strict";
import { DemoReport, masked } from "../../../src/cli/demo/demo_report.ts";

Deno.test("check() prints ok and counts when the claim is true", () => {
  const lines: string[] = [];
  const report = new DemoReport((text) => lines.push(text));
  report.check("it works", true, "seen");
  assert.deepEqual([lines, report.held, report.failed], [["  ok    it works: seen\n"], 1, 0]);
});

Deno.test("check() prints FAIL and counts when the claim is false", () => {
  const lines: string[] = [];
  const report = new DemoReport((text) => lines.push(text));
  report.check("it works", false, "seen");
  assert.deepEqual([lines, report.held, report.failed], [["  FAIL  it works: seen\n"], 0, 1]);
});

Deno.test("exitCode is 1 when one claim of several did not hold", () => {
  const report = new DemoReport(() => {});
  report.check("a", true, "");
  report.check("b", false, "");
  report.check("c", true, "");
  assert.equal(report.exitCode, 1);
});

Deno.test("exitCode is 0 when every claim held", () => {
  const report = new DemoReport(() => {});
  report.check("a", true, "");
  assert.equal(report.exitCode, 0);
});

Deno.test("exitCode is 1 when nothing was checked", () => {
  assert.equal(new DemoReport(() => {}).exitCode, 1);
});

Deno.test("masked() shows too little of a token to use it", () => {
  assert.equal(masked(`t-abcde${"x".repeat(30)}wxyz`), "t-abcde…wxyz (41 characters)");
});

Deno.test("masked() shows nothing of a token that is short", () => {
  assert.equal(masked("t-abcdefghij"), "… (12 characters)");
});

Deno.test("masked() says so when there is no token", () => {
  assert.equal(masked(undefined), "no token");
});
