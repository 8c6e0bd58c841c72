import assert from "node:assert/strict";
import { SingleFlight } from "../../../src/concurrency/single_flight.ts";
import type { FeishuAnswer } from "../../../src/ports/feishu.ts";
import type { RecordName } from "../../../src/ports/store.ts";
import { Secret } from "../../../src/secret.ts";
import { DurablePairs } from "../../../src/tokens/renewal/durable_pairs.ts";
import { FailureMarks } from "../../../src/tokens/renewal/failure_marks.ts";
import { Leases } from "../../../src/tokens/renewal/leases.ts";
import { SPENDING_LIMITS } from "../../../src/tokens/renewal/limits.ts";
import { Renewal } from "../../../src/tokens/renewal/renewal.ts";
import type { RenewalStrategy, Renewed } from "../../../src/tokens/renewal/renewal_strategy.ts";
import { answers } from "../../support/grant_world.ts";
import { failure, REAL_RANDOM, TokenWorld } from "../../support/token_world.ts";

const INTERVAL_MS = 5_000;

/** The person has not decided yet. */
const PENDING: FeishuAnswer = {
  kind: "refused",
  refusal: {
    verdict: "pending",
    mayHaveConsumed: false,
    errorCode: "rate_limited",
    feishuCode: 20094,
    httpStatus: 400,
    retryAfterMs: INTERVAL_MS,
  },
};

/** The code has been used. */
const USED: FeishuAnswer = {
  kind: "refused",
  refusal: {
    verdict: "ambiguous",
    mayHaveConsumed: false,
    errorCode: "refresh_token_spent",
    feishuCode: 20079,
    httpStatus: 400,
  },
};

const LOST: FeishuAnswer = {
  kind: "unreadable",
  httpStatus: 502,
  detail: { en: "no JSON", zh: "不是 JSON" },
};

/** A process that presents the device code of one login: a record of the kind `login`. */
interface LoginProcess {
  readonly name: RecordName;
  poll(answer: () => FeishuAnswer | Promise<FeishuAnswer>): Promise<Renewed>;
  /** The pause that the store asks for since the last poll, in milliseconds. */
  pauseMs(): Promise<number>;
  failCommits(): void;
  kill(): void;
}

async function start(world: TokenWorld): Promise<LoginProcess> {
  const { store: { records: store, journal, fingerprints, liveness, ...owner }, kv, stopping, kill } =
    await world
      .start();
  const { clock, log, credentials } = world;
  const presented = new Secret("device-code-1");
  const name: RecordName = { kind: "login", credentials, presented };
  const fp = await fingerprints.ofToken(credentials, presented);
  const secretFp = await fingerprints.ofAppSecret(credentials);
  const flights = new SingleFlight();
  const shared = { store, journal, owner, liveness, clock, random: REAL_RANDOM, log, stopping, flights };
  const pairs = new DurablePairs(shared);
  world.alsoDrain(() => flights.drain());
  const leases = new Leases(shared);
  const marks = new FailureMarks({ store, clock, leases });
  const renewal = new Renewal({ ...shared, pairs, leases, marks });
  const strategy: RenewalStrategy = {
    name,
    key: "login device-code-1",
    spends: true,
    limits: SPENDING_LIMITS,
    patient: false,
    log,
    isDone: (token) => token !== null,
    subject: () => fp,
    prepare: () => Promise.resolve(),
    present: () => assert.fail("present() of no poll"),
    hasAnotherWay: () => Promise.resolve(false),
    longestPauseMs: () => Infinity,
    successor: async (_current, token) => ({
      login: 0,
      gen: 1,
      fp: await fingerprints.ofToken(credentials, token.refreshToken ?? token.accessToken),
      secretFp,
      token,
    }),
  };
  return {
    name,
    poll: (answer) => renewal.run({ ...strategy, present: async () => await answer() }),
    async pauseMs(): Promise<number> {
      const { value } = (await store.read(name)).status;
      return (value?.untilMs ?? 0) - (value?.atMs ?? 0);
    },
    failCommits: () => void (kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass"),
    kill,
  };
}

function mustNotAsk(): never {
  throw new Error("Feishu was asked");
}

Deno.test("twenty pendings keep their pace, for every process of the store", async () => {
  await using world = await TokenWorld.create();
  const [a, b] = [await start(world), await start(world)];
  for (let poll = 0; poll < 20; poll++) {
    const [asking, other] = poll % 2 === 0 ? [a, b] : [b, a];
    await failure(asking.poll(() => PENDING));
    assert.equal(await asking.pauseMs(), INTERVAL_MS);
    const { detail } = await failure(other.poll(mustNotAsk));
    assert((detail.retryAfterMs ?? Infinity) <= INTERVAL_MS);
    world.age(INTERVAL_MS);
  }
});

Deno.test("two processes present a device code once: the second finds the pair", async () => {
  await using world = await TokenWorld.create();
  const [a, b] = [await start(world), await start(world)];
  const { promise: reached, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: answer, resolve: release } = Promise.withResolvers<FeishuAnswer>();
  const first = a.poll(() => {
    arrive();
    return answer;
  });
  await reached;
  assert.equal((await failure(b.poll(mustNotAsk))).code, "renewal_in_progress");
  release(answers("ur1"));
  assert.equal((await first).record.token.refreshToken?.reveal(), "ur1");
  assert.equal((await b.poll(mustNotAsk)).record.token.refreshToken?.reveal(), "ur1");
});

Deno.test("a pair that a login brought is found by the next start when its process was killed before the store had it", async () => {
  await using world = await TokenWorld.create();
  const killed = await start(world);
  killed.failCommits();
  assert.equal((await killed.poll(() => answers("ur1"))).isStored, false);
  killed.kill();
  const next = await start(world);
  assert.equal((await next.poll(mustNotAsk)).record.token.refreshToken?.reveal(), "ur1");
});

Deno.test("a code that was used, after an answer that was lost, is an unknown outcome and no refusal", async () => {
  await using world = await TokenWorld.create();
  const a = await start(world);
  assert.equal((await failure(a.poll(() => LOST))).code, "feishu_answer_unreadable");
  world.age(61_000);
  assert.equal((await failure(a.poll(() => USED))).code, "rotation_outcome_unknown");
  const b = await start(world);
  assert.equal((await failure(b.poll(mustNotAsk))).code, "rotation_outcome_unknown");
});
