import assert from "node:assert/strict";
import { LOGIN_VALUES } from "../../src/login/login_record.ts";
import {
  approvedAt,
  finishAt,
  finished,
  logInAt,
  logOutAt,
  startAt,
  tokenAt,
  withLogins,
} from "./logins/login_script.ts";
import { exploreSeeds } from "./explore_seeds.ts";
import { Fixture } from "./fixture.ts";
import { loginPlanOf } from "./logins/login_plan.ts";
import { Schedule } from "./schedule.ts";
import { forgetsIssuedPairs, LEAVES_ENTRY, withoutChecksOf } from "./logins/tampers.ts";
import type { DroppedCheck } from "./process_kv.ts";
import { Violation } from "./violation.ts";
import type { WorldOptions } from "./world_options.ts";

/** More than the rarest of those takes that walks find. */
const MOST_WALKS = 200;

interface Script {
  readonly what: string;
  /** The invariant that fails. */
  readonly violates: string;
  readonly world?: WorldOptions;
  readonly script: (s: Schedule) => Promise<void>;
}

/** P writes that the login with this code is done. */
function callsDone({ world }: Schedule, code: string): void {
  const facts = world.loginHistory.logins.get(code);
  if (facts === undefined) throw new Error(`No login ${code}`);
  const value = LOGIN_VALUES.encode({ ...facts.record, phase: "done" });
  const name = `login ${code}`;
  const values = [{ namespace: "login", name, value }];
  const write = { kind: "note", record: name, checks: new Map(), sets: {}, deletes: [], values } as const;
  world.invariants.landed(world.process("P"), write, {});
  world.invariants.assertHeld();
}

/** Two logins have been approved; P has come as far as the commit of the first. */
async function firstIsLate(s: Schedule): Promise<string> {
  await finishAt(s, "P", await approvedAt(s, "P"));
  await s.until("P", "commit ann");
  await s.pass(2_000);
  return await approvedAt(s, "Q", { replace: true });
}

const SCRIPTS: readonly Script[] = [
  {
    what: "a claim without its check of the lease",
    violates: "presentsOnce",
    world: { dropped: { kind: "claim", slot: "lease" } },
    script: async (s) => {
      const code = await approvedAt(s, "P");
      await finishAt(s, "P", code);
      await s.until("P", `claim ${code}`);
      await finishAt(s, "Q", code);
      await s.until("Q", `claim ${code}`);
      await s.let("P", `claim ${code}`);
      await s.let("Q", `claim ${code}`);
      await s.until("P", `present ${code}`);
      await s.until("Q", `present ${code}`);
    },
  },
  {
    what: "a pair that is forgotten once the login is called issued",
    violates: "keepsEveryIssuedPair",
    world: { tamper: forgetsIssuedPairs(), withoutJournal: ["m1", "m2"] },
    script: async (s) => void await logInAt(s, "P"),
  },
  {
    what: "the commit of a grant without its check of the token",
    violates: "neverGoesBack",
    world: { dropped: { kind: "commit", slot: "token" } },
    script: async (s) => {
      const later = await firstIsLate(s);
      await finished(s, "Q", await finishAt(s, "Q", later));
      await s.let("P", "commit ann");
    },
  },
  {
    what: "the commit of a grant after a logout without its check of the token",
    violates: "bringsNoLoginBack",
    world: { dropped: { kind: "commit", slot: "token" } },
    script: async (s) => {
      await logInAt(s, "P");
      await s.pass(2_000);
      const later = await approvedAt(s, "Q", { replace: true });
      await finishAt(s, "Q", later);
      await s.until("Q", "commit ann");
      await finished(s, "P", await logOutAt(s, "P"));
      await s.let("Q", "commit ann");
    },
  },
  {
    what: "a change of a login without its check of the login",
    violates: "endsLoginsOnce",
    world: { tamper: withoutChecksOf("login") },
    script: async (s) => {
      const code = await approvedAt(s, "P");
      await finishAt(s, "P", code);
      await s.get("P", `commit ${code}`);
      await s.until("P", `note login ${code}`);
      await finished(s, "Q", await finishAt(s, "Q", code));
      await s.let("P", `note login ${code}`);
    },
  },
  {
    what: "a claim and a closed gate without the check of the gate",
    violates: "revokesNoLiveLogin",
    world: { ...withLogins({ revocation: "person" }), tamper: withoutChecksOf("gate") },
    script: async (s) => {
      await logInAt(s, "P");
      await logOutAt(s, "P");
      await s.until("P", "note gate");
      const code = await approvedAt(s, "Q");
      await finishAt(s, "Q", code);
      await s.until("Q", `commit ${code}`);
      await s.get("P", "note gate");
      await s.get("P", "revoke A1");
    },
  },
  {
    what: "a logout that leaves the entry of the index",
    violates: "indexesEveryGrant",
    world: { tamper: LEAVES_ENTRY },
    script: async (s) => {
      await logInAt(s, "P");
      await finished(s, "P", await logOutAt(s, "P"));
      await s.rest();
      s.world.invariants.over();
    },
  },
  {
    what: "a store that goes back behind a logout",
    violates: "tellsNoTokenAfterLogout",
    script: async (s) => {
      await logInAt(s, "P");
      const backup = s.world.kv.backup();
      await finished(s, "P", await logOutAt(s, "P"));
      await s.world.kv.restore(backup);
      await finished(s, "Q", await tokenAt(s, "Q"));
    },
  },
  {
    what: "a store that goes back behind the end of a login",
    violates: "tellsOneOutcome",
    script: async (s) => {
      const code = await approvedAt(s, "P");
      await s.rest();
      const backup = s.world.kv.backup();
      await finished(s, "P", await finishAt(s, "P", code));
      await s.rest();
      await s.world.kv.restore(backup);
      const asked = await finishAt(s, "Q", code);
      await s.until("Q", `claim ${code}`);
      await s.pass(2_500);
      await finished(s, "Q", asked);
    },
  },
  {
    what: "a login that is called done before its grant is stored",
    violates: "isDoneOnlyWhenStored",
    script: async (s) => {
      await logInAt(s, "P");
      await s.pass(2_000);
      const code = await approvedAt(s, "Q", { replace: true });
      await finishAt(s, "Q", code);
      await s.until("Q", "commit ann");
      callsDone(s, code);
    },
  },
  {
    what: "an error without a code",
    violates: "failsNoCallWithoutWords",
    script: async (s) => {
      const asked = await finished(s, "P", await tokenAt(s, "P"));
      s.world.invariants.told({ ...asked, outcome: { kind: "broken", error: new Error("broken") } });
      s.world.invariants.assertHeld();
    },
  },
  {
    what: "a token that Feishu has ended for no reason",
    violates: "losesNoLiveLogin",
    script: async (s) => {
      await logInAt(s, "P");
      s.world.feishu.books.end("A1");
      s.world.invariants.over();
    },
  },
  {
    what: "a login that is left alone",
    violates: "endsEveryLogin",
    script: async (s) => {
      await finished(s, "P", await startAt(s, "P"));
      s.world.invariants.over();
    },
  },
  {
    what: "a call that is left alone",
    violates: "answersEveryCall",
    script: async (s) => {
      await tokenAt(s, "P");
      s.world.invariants.over();
    },
  },
];

async function violationOf({ script, world }: Script): Promise<string | undefined> {
  const s = await Schedule.begin({ ...withLogins(), ...world });
  s.isJudged = false;
  try {
    await script(s);
    return undefined;
  } catch (error) {
    if (error instanceof Violation) return error.invariant;
    throw error;
  } finally {
    await s[Symbol.asyncDispose]();
  }
}

for (const script of SCRIPTS) {
  Deno.test(`${script.what} is found out`, async () => {
    assert.equal(await violationOf(script), script.violates);
  });
}

Deno.test.each<DroppedCheck>([
  { kind: "claim", slot: "lease" },
  { kind: "commit", slot: "token" },
])("random walks through logins find out what happens without %j", async (dropped) => {
  await using fixture = await Fixture.make();
  const { failed } = await exploreSeeds(fixture, 1, MOST_WALKS, dropped, loginPlanOf);
  assert(failed !== undefined);
});
