import assert from "node:assert/strict";
import { check } from "../../chaos/checker/check.ts";
import { again, appCall, call, type MadeUp, run } from "./made_up_run.ts";

/** The seqs of the calls that should not have been, each with the one that forbids it. */
function doubles(madeUp: MadeUp): number[][] {
  return check(run(madeUp)).doublePresentations.map(({ call, earlier }) => [earlier.seq, call.seq]);
}

const UNDER_WAY = { endedMs: undefined, end: undefined, outcome: "pending", code: null } as const;
const REFUSED = { outcome: "refused", code: 20050 } as const;
const CUT = { end: "cut", outcome: "dropped_after" } as const;
const LEFT = { end: "left", outcome: "dropped_after" } as const;

Deno.test("check() finds nothing where each token was presented once", () => {
  assert.deepEqual(doubles({ calls: [call(), call({ presented: "r2", beganMs: 1_005 })], issued: 3 }), []);
});

const FORBIDDEN: readonly (readonly [string, MadeUp])[] = [
  ["after an accepted one", { calls: [call(), again(50_000)] }],
  ["as long as the pair that came of it lives", { calls: [call(), again(50_000, { atSeconds: 9_999 })] }],
  ["by the very process that had the answer", { calls: [call(), again(50_000, { process: "p" })] }],
  ["while the first is under way", { calls: [call(UNDER_WAY), again(20_000)] }],
  ["before the first was refused", { calls: [call({ ...REFUSED, endedMs: 5_000 }), again(3_000)] }],
  ["before the connection of the first was cut", { calls: [call({ ...CUT, endedMs: 5_000 }), again(3_000)] }],
  ["before the first process was killed", {
    calls: [call({ ...LEFT, endedMs: 5_000 }), again(3_000)],
    p: { killedMs: 4_990 },
  }],
  ["where the first process lived on for 3 s with the answer", {
    calls: [call(), again(5_000)],
    p: { killedMs: 4_100 },
  }],
  ["where the pair was given to a caller", {
    calls: [call(), again(1_100)],
    p: { killedMs: 1_012 },
    served: ["r2"],
  }],
  ["where the pair was presented later", {
    calls: [call(), again(1_100), call({ process: "q", presented: "r2", beganMs: 9_000, endedMs: 9_001 })],
    p: { killedMs: 1_012 },
    issued: 3,
  }],
  ["by another machine, before the lease is over", {
    calls: [call(), again(20_000)],
    p: { killedMs: 1_012 },
    q: { machine: "b" },
    served: ["r2"],
  }],
  ["where the first process gave up after 5 s", {
    calls: [call({ ...LEFT, endedMs: 6_000 }), again(50_000)],
  }],
  ["where the first process is stopped, before its lease is over", {
    calls: [call(UNDER_WAY), again(25_000)],
    p: { stops: [{ fromMs: 1_001 }] },
  }],
  ["where the first process was stopped and has had its answer for 3 s", {
    calls: [call(), again(48_000)],
    p: { stops: [{ fromMs: 1_001, toMs: 45_000 }] },
  }],
  ["where the first process was stopped for a moment only", {
    calls: [call(UNDER_WAY), again(40_000)],
    p: { stops: [{ fromMs: 1_001, toMs: 4_000 }] },
  }],
];

Deno.test.each(FORBIDDEN)("check() finds the same token presented again %s", (_what, madeUp) => {
  assert.deepEqual(doubles(madeUp), [[1, 2]]);
});

const ALLOWED: readonly (readonly [string, MadeUp])[] = [
  ["when the pair that came of it has ended", { calls: [call(), again(50_000, { atSeconds: 10_000 })] }],
  ["after a refusal", { calls: [call({ ...REFUSED }), again(1_100)] }],
  ["after the connection was cut", { calls: [call({ ...CUT }), again(1_100)] }],
  ["after the first process was killed while it waited", {
    calls: [call({ ...LEFT, endedMs: 5_000 }), again(5_001)],
    p: { killedMs: 4_990 },
  }],
  ["after the first process was killed, before Feishu has seen that it left", {
    calls: [call(UNDER_WAY), again(5_001)],
    p: { killedMs: 4_990 },
  }],
  ["after the first process was killed just when it was answered", {
    calls: [call(), again(1_100)],
    p: { killedMs: 1_012 },
  }],
  ["after the first process was killed while it was stopped with the answer", {
    calls: [call(), again(20_000)],
    p: { killedMs: 19_000, stops: [{ fromMs: 1_005 }] },
  }],
  ["by another machine, when the lease of the killed process is over", {
    calls: [call(), again(38_500)],
    p: { killedMs: 1_012 },
    q: { machine: "b" },
    served: ["r2"],
  }],
  ["after the first process had waited for 30 s", {
    calls: [call({ ...LEFT, endedMs: 31_000 }), again(41_000)],
  }],
  ["when the lease of a stopped process is over", {
    calls: [call(), again(38_500)],
    p: { stops: [{ fromMs: 1_005, toMs: 45_000 }] },
    served: ["r2"],
  }],
  ["when the lease of a process is over that was stopped in the middle of its call, and is refused later", {
    calls: [call({ ...REFUSED, endedMs: 44_000 }), again(38_500)],
    p: { stops: [{ fromMs: 1_005, toMs: 45_000 }] },
  }],
];

Deno.test.each(ALLOWED)("check() allows the same token to be presented again %s", (_what, madeUp) => {
  assert.deepEqual(doubles(madeUp), []);
});

Deno.test("check() finds two calls for an app token at the same time", () => {
  const calls = [appCall("p", 1_000, 3_000), appCall("q", 2_000, 4_000)];
  assert.deepEqual(doubles({ calls, issued: 1 }), [[1, 2]]);
});

Deno.test("check() allows one call for an app token after another, and after a process that was killed", () => {
  const calls = [appCall("p", 1_000, 3_000), appCall("q", 3_010, 4_000)];
  assert.deepEqual(doubles({ calls, issued: 1 }), []);
  const killed = [appCall("p", 1_000, 3_000), appCall("q", 2_000, 4_000)];
  assert.deepEqual(doubles({ calls: killed, issued: 1, p: { killedMs: 1_900 } }), []);
});

Deno.test("check() allows calls for an app token at the same time while the store is away, and not long after", () => {
  const calls = [appCall("p", 30_000, 33_000), appCall("q", 32_000, 34_000)];
  assert.deepEqual(doubles({ calls, issued: 1, outages: [{ fromMs: 20_000, toMs: 21_000 }] }), []);
  assert.deepEqual(doubles({ calls, issued: 1, outages: [{ fromMs: 9_000, toMs: 10_000 }] }), [[1, 2]]);
});

Deno.test("check() throws when a call is of a process that nobody started", () => {
  assert.throws(() => check(run({ calls: [call({ process: "x" })] })), /unknown process: x/);
});
