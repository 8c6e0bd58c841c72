import assert from "node:assert/strict";
import { check } from "../../chaos/checker/check.ts";
import type { LoginFinding } from "../../chaos/checker/login_findings.ts";
import { DEVICE_GRANT } from "../../chaos/checker/observed_call.ts";
import type {
  LoginOutcome,
  ObservedLogin,
  ObservedLogins,
  ObservedUserToken,
} from "../../chaos/checker/observed_logins.ts";
import type { ObservedRun } from "../../chaos/checker/observed_run.ts";
import { call, type CallFacts, type MadeUp, run } from "./made_up_run.ts";

const OPEN_ID = "ou_1";
const DONE: LoginOutcome = { process: "q", askedMs: 1_100, answeredMs: 1_200, code: "done", text: "done" };
const UNKNOWN: LoginOutcome = { ...DONE, code: "login_outcome_unknown", text: "unknown" };
const LOGIN: ObservedLogin = {
  openId: OPEN_ID,
  startedMs: 800,
  loginId: "l1",
  approved: { atMs: 900, fromSeconds: 100.2, toSeconds: 100.4 },
  isDenied: false,
  outcomes: [DONE],
};
const TOKEN: ObservedUserToken = {
  openId: OPEN_ID,
  process: "q",
  askedMs: 3_000,
  answeredMs: 3_010,
  authTime: 100,
  isAlone: false,
};
const REFUSED: ObservedUserToken = {
  openId: OPEN_ID,
  process: "q",
  askedMs: 2_500,
  answeredMs: 2_510,
  error: "not_logged_in",
  isAlone: true,
};
const LOGOUT = { openId: OPEN_ID, askedMs: 2_000, answeredMs: 2_100 };
const POLL: CallFacts = call({ presented: "code", grantType: DEVICE_GRANT });

interface MadeUpLogins extends Partial<ObservedLogins>, MadeUp {
  /** Whether Feishu has issued the pair. */
  readonly isIssued?: boolean;
}

/** A run in which a person logged in, `p` polled, and everything went well, unless `madeUp` says so. */
function loginRun(madeUp: MadeUpLogins = {}): ObservedRun {
  const { isIssued = true, calls = [POLL], logins = [LOGIN], tokens = [], logouts = [] } = madeUp;
  const { sleepers = new Set<string>(), killsEarlier = false } = madeUp;
  const family = { id: 1, openId: OPEN_ID, authorizedAtSeconds: 100.3, redeemed: "code" };
  const issued = { ...family, tokens: [{ hash: "r1", endsAtSeconds: 10_000 }] };
  return {
    ...run({ ...madeUp, calls }),
    families: isIssued ? [issued] : [],
    logins: { logins, tokens, logouts, sleepers, killsEarlier, finalFromMs: Infinity },
  };
}

function findings(madeUp: MadeUpLogins): Pick<LoginFinding, "kind" | "reason">[] {
  return check(loginRun(madeUp)).logins.findings.map(({ kind, reason }) => ({ kind, reason }));
}

Deno.test("check() finds nothing where a login was done, a token given, and the person logged out", () => {
  const refused = { ...REFUSED, isAlone: false };
  const first = { ...TOKEN, askedMs: 1_500, answeredMs: 1_510, feishuCode: 0 };
  assert.deepEqual(findings({ tokens: [first, refused], logouts: [LOGOUT] }), []);
});

const KILLED = { calls: [{ ...POLL, end: "left", endedMs: 1_005 }], p: { killedMs: 1_004 } } as const;

Deno.test("check() takes a login for reported where its process was killed before it had the answer", () => {
  const { findings, reported } =
    check(loginRun({ ...KILLED, logins: [{ ...LOGIN, outcomes: [UNKNOWN] }] })).logins;
  assert.deepEqual([findings, reported], [[], 1]);
});

Deno.test("check() allows an unknown outcome to become known", () => {
  const done = { ...DONE, askedMs: 2_000, answeredMs: 2_100 };
  assert.deepEqual(findings({ ...KILLED, logins: [{ ...LOGIN, outcomes: [UNKNOWN, done] }] }), []);
});

const WRONG: readonly (readonly [string, MadeUpLogins, LoginFinding["kind"], string])[] = [
  [
    "nobody was told",
    { logins: [{ ...LOGIN, outcomes: [] }] },
    "lost login",
    "nobody was told its outcome",
  ],
  [
    "its process had the pair",
    { logins: [{ ...LOGIN, outcomes: [UNKNOWN] }] },
    "lost login",
    "told as unknown, though its process had the pair",
  ],
  [
    "it is told as expired",
    { logins: [{ ...LOGIN, outcomes: [{ ...DONE, code: "login_expired", text: "expired" }] }] },
    "lost login",
    "Feishu has issued the pair, and told is login_expired",
  ],
  [
    "nobody fetched the pair",
    { isIssued: false, logins: [{ ...LOGIN, outcomes: [UNKNOWN] }] },
    "lost login",
    "login_outcome_unknown, and Feishu would have issued the pair",
  ],
  [
    "two processes say different things",
    { logins: [{ ...LOGIN, outcomes: [DONE, { ...DONE, text: "done, with another scope" }] }] },
    "unequal outcomes",
    "not always the same",
  ],
  [
    "an outcome is unknown again",
    { logins: [{ ...LOGIN, outcomes: [DONE, { ...UNKNOWN, askedMs: 5_000 }, DONE] }] },
    "unequal outcomes",
    "unknown again after it was known",
  ],
  [
    "a token is given after the logout",
    { logouts: [LOGOUT], tokens: [TOKEN] },
    "wrong token",
    "of a login that a logout had ended",
  ],
  [
    "a token does not work",
    { tokens: [{ ...TOKEN, feishuCode: 99991668 }] },
    "wrong token",
    "Feishu answers it with 99991668",
  ],
  [
    "a person who is logged in is told otherwise",
    { tokens: [REFUSED] },
    "lost login",
    "a person who was logged in was told not_logged_in",
  ],
  [
    "a grant is renewed that nobody asked for",
    {
      sleepers: new Set([OPEN_ID]),
      calls: [POLL, call({ presented: "r1", beganMs: 2_000, endedMs: 2_005, atSeconds: 7_300 })],
    },
    "wrong token",
    "renewed 0.08 days after the time before, and nobody asked",
  ],
];

Deno.test.each(WRONG)("check() finds that %s", (_name, madeUp, kind, reason) => {
  assert.deepEqual(findings(madeUp), [{ kind, reason }]);
});

Deno.test("check() finds a device code that is presented by two processes at once", () => {
  const other = { ...POLL, process: "q", beganMs: 1_002, outcome: "refused", code: 20094 } as const;
  const { doublePresentations } = check(loginRun({ calls: [POLL, other] }));
  assert.deepEqual(doublePresentations.map(({ call }) => call.process), ["q"]);
});

Deno.test("check() allows a device code to be polled with again after it was pending", () => {
  const pending = { ...POLL, beganMs: 500, endedMs: 510, outcome: "refused", code: 20094 } as const;
  assert.deepEqual(check(loginRun({ calls: [pending, POLL] })).doublePresentations, []);
});
