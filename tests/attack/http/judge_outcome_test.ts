import assert from "node:assert/strict";
import { Canaries } from "../../../attack/canaries.ts";
import { type FindingKind, Findings } from "../../../attack/findings.ts";
import type { HttpCase } from "../../../attack/http/http_case.ts";
import { judgeOutcomes } from "../../../attack/http/judge_outcome.ts";
import type { Outcome } from "../../../attack/http/send_case.ts";
import { Chance } from "../../../harness/chance.ts";

const SECRET = "plantedSecretOfNobody0123456789";
const HEAD = "http/1.1 200 ok\r\nx-request-id: a1";

/** The kinds of what is found where `outcomes` come back for a whole, parsable request, unless `details` differ. */
function found(outcomes: readonly Outcome[], details: Partial<HttpCase> = {}): FindingKind[] {
  const canaries = new Canaries(new Chance(1));
  canaries.plant("planted", SECRET);
  const findings = new Findings();
  const attack: HttpCase = {
    name: "a case",
    method: "POST",
    bytes: new Uint8Array(),
    delivery: "whole",
    isParsable: true,
    isSound: true,
    ...details,
  };
  judgeOutcomes(attack, outcomes, canaries, findings);
  return findings.all.map(({ kind }) => kind);
}

Deno.test.each<[string, Outcome, Partial<HttpCase>]>([
  ["an answer", { status: 200, head: HEAD, body: "{}" }, {}],
  ["a refusal that says why", { status: 400, head: HEAD, body: "why" }, {}],
  ["a refusal of HEAD", { status: 400, head: HEAD, body: "" }, { method: "HEAD" }],
  ["an answer without a body to a notification", { status: 202, head: HEAD, body: "" }, {}],
  ["too busy, and when to come back", { status: 503, head: `${HEAD}\r\nretry-after: 1`, body: "" }, {}],
  ["Deno's own refusal of what is no HTTP", { status: 400, head: "http/1.1 400", body: "" }, {
    isParsable: false,
  }],
  ["silence about what is no HTTP", "silent", { isParsable: false }],
  ["the end of a connection", "closed", {}],
  ["a status that is right", { status: 413, head: HEAD, body: "why" }, { statuses: [413] }],
])("judgeOutcomes() has nothing against %s", (_what, outcome, details) => {
  assert.deepEqual(found([outcome], details), []);
});

Deno.test.each<[string, Outcome, Partial<HttpCase>, FindingKind]>([
  ["a bare 500", { status: 500, head: HEAD, body: "" }, {}, "bare_5xx"],
  ["a bare 503 that does not say until when", { status: 503, head: HEAD, body: "" }, {}, "bare_5xx"],
  ["an error of the server", { status: 500, head: HEAD, body: "internal_error" }, {}, "other"],
  ["a refusal that says nothing", { status: 400, head: HEAD, body: "" }, {}, "other"],
  ["an answer without a request id", { status: 200, head: "http/1.1 200 ok", body: "{}" }, {}, "other"],
  ["a secret in the answer", { status: 400, head: HEAD, body: `no ${SECRET}` }, {}, "secret"],
  ["an injected header", { status: 200, head: `${HEAD}\r\nx-injected: 1`, body: "{}" }, {}, "other"],
  [
    "another status than the right one",
    { status: 200, head: HEAD, body: "{}" },
    { statuses: [413] },
    "other",
  ],
  ["silence about a request", "silent", {}, "hang"],
  ["no HTTP", "unreadable", {}, "other"],
  ["nobody who listens", "refused", {}, "crash"],
])("judgeOutcomes() finds %s", (_what, outcome, details, kind) => {
  assert.deepEqual(found([outcome], details), [kind]);
});

Deno.test("judgeOutcomes() finds a good request that was not answered, in front of an odd one", () => {
  const good: Outcome = { status: 200, head: HEAD, body: "{}" };
  const details = { delivery: "pipelined", isParsable: false, isSound: false } as const;
  assert.deepEqual(found([good, "closed"], details), []);
  assert.deepEqual(found(["silent", "closed"], details), ["other"]);
  assert.deepEqual(found([{ ...good, status: 400 }, "closed"], details), ["other"]);
});

Deno.test.each<[Outcome]>([["unreadable"], ["closed"]])(
  "judgeOutcomes() takes a good request before for answered by %s only where broken bytes follow",
  (outcome) => {
    const details = { delivery: "pipelined", isParsable: false } as const;
    assert.deepEqual(found([outcome, "closed"], { ...details, isSound: false }), []);
    assert.ok(found([outcome, "closed"], { ...details, isSound: true }).includes("other"));
  },
);
