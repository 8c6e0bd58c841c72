import assert from "node:assert/strict";
import { exploreSeeds } from "./explore_seeds.ts";
import type { DroppedCheck } from "./process_kv.ts";
import { Schedule } from "./schedule.ts";
import { Violation } from "./violation.ts";
import { Fixture } from "./fixture.ts";
import type { WorldOptions } from "./world_options.ts";

const USER = "ann";
const WITH_USER = { hasUser: true, hasGrace: true };
/** More than the rarest of those takes that walks find. */
const MOST_WALKS = 2_500;

/** P holds A2 and cannot store it; Q has come as far as `what`. */
async function cutOff(s: Schedule, what: string): Promise<void> {
  await s.ask("P", "A1");
  await s.until("P", "commit A1");
  await s.ask("Q", "A1");
  await s.until("Q", what);
}

/** The user has logged in, P has stored A2, and Q has got A2' for the same token. */
async function rivals(s: Schedule): Promise<void> {
  await s.logIn("P");
  await s.rest();
  await s.ask("P", "A1");
  await s.until("P", `commit ${USER}`);
  await s.ask("Q", "A1");
  await s.get("Q", "present A1", "leaves");
  await s.let("P", `commit ${USER}`);
  await s.let("Q", "A1 at Feishu", "grace");
  await s.until("Q", `file spare ${USER}`);
}

interface Script {
  readonly dropped: DroppedCheck;
  /** The invariant that fails without the check. */
  readonly violates: string;
  readonly world?: WorldOptions;
  readonly script: (s: Schedule) => Promise<void>;
}

/**
 * One for each check that the protocol lists, but for that of `spare` in an adoption. A spare never moves without the
 * token, so only the list of checks itself (invariant 6) can notice that one is missing.
 */
const SCRIPTS: readonly Script[] = [
  {
    dropped: { kind: "claim", slot: "token" },
    violates: "presentsOnce",
    script: async (s) => {
      await cutOff(s, "claim A1");
      // Too late to present under it. Q claims again over its own lease, and reads nothing after that.
      await s.let("Q", "claim A1", "lands, answer slow");
      await s.pass(2_999);
      await s.let("Q", "claim A1: answer", "lies");
      await s.pass(2);
      await s.until("Q", "claim A1");
      await s.let("P", "commit A1");
      await s.let("Q", "claim A1");
    },
  },
  {
    dropped: { kind: "claim", slot: "lease" },
    violates: "presentsOnce",
    script: async (s) => {
      await s.ask("P", "A1");
      await s.until("P", "claim A1");
      await s.ask("Q", "A1");
      await s.until("Q", "claim A1");
      await s.let("P", "claim A1");
      await s.let("Q", "claim A1");
    },
  },
  {
    dropped: { kind: "claim", slot: "status" },
    violates: "claimsNothingMarked",
    world: { processes: { P: { machine: "m1" }, Q: { machine: "m1" } } },
    script: async (s) => {
      s.world.feishu.books.rotate("A1");
      await s.ask("Q", "A1");
      await s.until("Q", "mark A1");
      await s.kill("Q");
      await s.ask("P", "A1");
      await s.until("P", "claim A1");
      await s.let("Q", "mark A1");
      await s.let("P", "claim A1");
    },
  },
  {
    dropped: { kind: "commit", slot: "token" },
    violates: "neverGoesBack",
    world: WITH_USER,
    script: async (s) => {
      await s.logIn("P");
      await s.rest();
      await s.ask("P", "A1");
      await s.until("P", `commit ${USER}`);
      await s.logIn("Q");
      await s.get("Q", `commit ${USER}`);
      await s.let("P", `commit ${USER}`);
    },
  },
  {
    dropped: { kind: "mark", slot: "token" },
    violates: "marksOnlyAsHolder",
    script: async (s) => {
      await cutOff(s, "mark A1");
      await s.let("P", "commit A1");
      await s.let("Q", "mark A1");
    },
  },
  {
    dropped: { kind: "mark", slot: "lease" },
    violates: "marksOnlyAsHolder",
    script: async (s) => {
      s.world.feishu.books.rotate("A1");
      await s.ask("P", "A1");
      await s.until("P", "mark A1");
      await s.ask("Q", "A1");
      await s.get("Q", "present A1", "leaves");
      await s.let("P", "mark A1");
    },
  },
  {
    dropped: { kind: "mark", slot: "spare" },
    violates: "marksOnlyAsHolder",
    world: WITH_USER,
    script: async (s) => {
      await rivals(s);
      await s.ask("P", "A2");
      await s.until("P", `mark ${USER}`);
      await s.let("Q", `file spare ${USER}`);
      await s.let("P", `mark ${USER}`);
    },
  },
  {
    dropped: { kind: "release", slot: "lease" },
    violates: "forgetsNoUnknownOutcome",
    script: async (s) => {
      await s.ask("P", "A1");
      await s.get("P", "present A1", "leaves");
      await s.let("P", "A1 at Feishu", "unavailable");
      await s.until("P", "release A1");
      await s.ask("Q", "A1");
      await s.get("Q", "present A1", "leaves");
      await s.let("P", "release A1");
    },
  },
  {
    dropped: { kind: "adopt", slot: "token" },
    violates: "neverGoesBack",
    world: WITH_USER,
    script: async (s) => {
      await rivals(s);
      await s.let("Q", `file spare ${USER}`);
      await s.ask("P", "A2");
      await s.until("P", `adopt ${USER}`);
      await s.logIn("Q");
      await s.get("Q", `commit ${USER}`);
      await s.let("P", `adopt ${USER}`);
    },
  },
  {
    dropped: { kind: "link", slot: "token" },
    violates: "neverGoesBack",
    script: async (s) => {
      await s.answer("P", "A1");
      await s.answer("P", "A2");
      await s.ask("P", "A1");
      await s.until("P", "link A1");
      await s.answerAlone("Q", "A3");
      await s.answerAlone("Q", "A1");
      await s.get("Q", "link A1");
      await s.let("P", "link A1");
    },
  },
  {
    dropped: { kind: "log out", slot: "token" },
    violates: "neverGoesBack",
    world: WITH_USER,
    script: async (s) => {
      await s.logIn("P");
      await s.rest();
      await s.logOut("P");
      await s.until("P", `log out ${USER}`);
      await s.logIn("Q");
      await s.get("Q", `commit ${USER}`);
      await s.let("P", `log out ${USER}`);
    },
  },
];

async function violationOf({ script, world }: Script, dropped?: DroppedCheck): Promise<string | undefined> {
  try {
    await using s = await Schedule.begin({ ...world, dropped });
    await script(s);
    return undefined;
  } catch (error) {
    // Where the script fails, the invariants of its end fail too.
    const first = error instanceof SuppressedError ? error.suppressed : error;
    if (first instanceof Violation) return first.invariant;
    throw error;
  }
}

for (const script of SCRIPTS) {
  const { dropped: { kind, slot } } = script;
  Deno.test(`the ${kind} without its check of ${slot} is found out, and with it nothing`, async () => {
    assert.equal(await violationOf(script), undefined);
    assert.equal(await violationOf(script, script.dropped), script.violates);
  });
}

/** Walks from seed 1 on find the last two too, after a minute: these begin shortly before the seeds that do. */
Deno.test.each<[DroppedCheck, number]>([
  [{ kind: "claim", slot: "lease" }, 1],
  [{ kind: "commit", slot: "token" }, 1],
  [{ kind: "mark", slot: "lease" }, 1_701],
  [{ kind: "release", slot: "lease" }, 301],
])("random walks find out what happens without %j", async (dropped, first) => {
  await using fixture = await Fixture.make();
  const { failed } = await exploreSeeds(fixture, first, MOST_WALKS, dropped);
  assert(failed !== undefined);
});
