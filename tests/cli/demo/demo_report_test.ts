import assert from "node:assert/strict";
import type { Language } from "../../../src/errors/language.ts";
import { DemoReport, masked } from "../../../src/cli/demo/demo_report.ts";

const CLAIM = { en: "it works", zh: "它可用" };
const SEEN = { en: "seen", zh: "已看到" };

Deno.test.each<[Language, boolean, readonly string[]]>([
  ["en", true, [
    "  ok    it works: seen\n",
    "\n1 claims held, 0 did not. Feishu accepted 7 calls in all.\n",
  ]],
  ["en", false, [
    "  FAIL  it works: seen\n",
    "\n0 claims held, 1 did not. Feishu accepted 7 calls in all.\n",
  ]],
  ["zh", true, ["  ok    它可用：已看到\n", "\n1 项成立，0 项不成立。模拟飞书共接受 7 次调用。\n"]],
  ["zh", false, ["  FAIL  它可用：已看到\n", "\n0 项成立，1 项不成立。模拟飞书共接受 7 次调用。\n"]],
])("check() prints and counts in %s a claim that is %s", (language, isTrue, expected) => {
  const lines: string[] = [];
  const report = new DemoReport((text) => lines.push(text), language);
  report.check(CLAIM, isTrue, SEEN);
  report.end(7);
  assert.deepEqual(lines, expected);
});

Deno.test("exitCode is 1 when one claim of several did not hold", () => {
  const report = new DemoReport(() => {}, "en");
  report.check(CLAIM, true, SEEN);
  report.check(CLAIM, false, SEEN);
  report.check(CLAIM, true, SEEN);
  assert.equal(report.exitCode, 1);
});

Deno.test("exitCode is 0 when every claim held", () => {
  const report = new DemoReport(() => {}, "en");
  report.check(CLAIM, true, SEEN);
  assert.equal(report.exitCode, 0);
});

Deno.test("exitCode is 1 when nothing was checked", () => {
  assert.equal(new DemoReport(() => {}, "en").exitCode, 1);
});

Deno.test("masked() shows too little of a token to use it", () => {
  assert.equal(masked(`t-abcde${"x".repeat(30)}wxyz`).en, "t-abcde…wxyz (41 characters)");
});

Deno.test("masked() shows nothing of a token that is short", () => {
  assert.equal(masked("t-abcdefghij").en, "… (12 characters)");
});

Deno.test("masked() says so when there is no token", () => {
  assert.equal(masked(undefined).en, "no token");
});
