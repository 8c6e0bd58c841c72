import assert from "node:assert/strict";
import type { Clock } from "../../../src/ports/clock.ts";
import type { FeishuAnswer } from "../../../src/ports/feishu.ts";
import { tokenIn } from "../../../src/ports/record_order.ts";
import { Secret } from "../../../src/secret.ts";
import { countReads } from "../../support/count_reads.ts";
import type { CommitFate, SeenCommit } from "../../support/interceptable_kv.ts";
import { loseRecords } from "../../support/lose_records.ts";
import {
  failure,
  patientClock,
  REAL_CLOCK,
  type TokenProcess,
  TokenWorld,
} from "../../support/token_world.ts";
import { withoutPauses } from "../../support/skipping_clock.ts";

const PAST_LEASE_MS = 41_000;

/** A refresh token and the one that a process answers it with. */
async function refresh(world: TokenWorld, { tokens }: TokenProcess, presented: Secret): Promise<string> {
  const { refreshToken } = await tokens.refreshUserToken(world.credentials, presented, world.call());
  assert(refreshToken !== undefined);
  return refreshToken.reveal();
}

async function stored(
  world: TokenWorld,
  { store }: TokenProcess,
  presented: Secret,
): Promise<string | undefined> {
  const { token } = await store.records.read({
    kind: "caller",
    credentials: world.credentials,
    presented,
  });
  return tokenIn(token.value)?.token.refreshToken?.reveal();
}

/** Holds every commit of a pair until it is opened. */
class Gate implements Disposable {
  readonly #opening = Promise.withResolvers<void>();
  /** How many came to it. */
  commits = 0;

  readonly onCommit = async ({ slots }: SeenCommit): Promise<CommitFate> => {
    if (!slots.includes("token")) return "pass";
    this.commits++;
    await this.#opening.promise;
    return "pass";
  };

  open(): void {
    this.#opening.resolve();
  }

  [Symbol.dispose](): void {
    this.open();
  }
}

/** Refuses every commit of a pair until it is opened; then the caller that tries again gets through. */
class Barrier {
  isOpen = false;

  readonly onCommit = ({ slots }: SeenCommit): CommitFate =>
    this.isOpen || !slots.includes("token") ? "pass" : "throw";
}

/** A pair that its owner has answered with out of the journal, since `barrier` keeps it from the store. */
async function journaledBy(
  world: TokenWorld,
  owner: TokenProcess,
  barrier: Barrier,
): Promise<{ readonly r1: Secret; readonly r2: string }> {
  owner.kv.onCommit = barrier.onCommit;
  const r1 = await world.login("v2");
  return { r1, r2: await refresh(world, owner, r1) };
}

/** The same, and its owner is killed before it is stored. */
async function journaledByTheDead(world: TokenWorld): Promise<{ readonly r1: Secret; readonly r2: string }> {
  const owner = await world.start();
  const pair = await journaledBy(world, owner, new Barrier());
  owner.kill();
  return pair;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
}

Deno.test.each([
  { kept: "beside a journal", options: {} },
  { kept: "without one", options: { place: { kind: "memory" } } as const },
])("refreshUserToken() answers once the pair is in the store, $kept", async ({ options }) => {
  await using world = await TokenWorld.create();
  const process = await world.start(options);
  using gate = new Gate();
  process.kv.onCommit = gate.onCommit;
  const r1 = await world.login("v2");
  let answers = 0;
  // The second of them comes while the first one's pair is in the journal already.
  const ask = (): Promise<string> => refresh(world, process, r1).finally(() => answers++);
  const first = ask();
  await world.until(() => gate.commits > 0);
  const second = ask();
  // Whatever could be told without the store has been by then.
  await world.refreshCalls();
  assert.equal(answers, 0);
  gate.open();
  assert.deepEqual([await first, await second], [await stored(world, process, r1), await first]);
  assert.deepEqual(world.log.lines.filter(({ level }) => level === "warn" || level === "error"), []);
});

Deno.test("refreshUserToken() answers out of the journal where the store refuses the pair, and tries again until it takes it", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  let commits = 0;
  process.kv.onCommit = ({ slots }) => slots.includes("token") && ++commits < 3 ? "throw" : "pass";
  const r1 = await world.login("v2");
  const r2 = await refresh(world, process, r1);
  await process.tokens.drain();
  assert.deepEqual([await stored(world, process, r1), commits], [r2, 3]);
});

Deno.test("refreshUserToken() stores what another process of the machine has journaled and, being killed, did not store", async () => {
  await using world = await TokenWorld.create();
  // Started before, since a start replays the journal.
  const other = await world.start();
  const { r1, r2 } = await journaledByTheDead(world);
  assert.equal(await refresh(world, other, r1), r2);
  assert.equal(await stored(world, other, r1), r2);
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("refreshUserToken() stores what it finds in the journal though its own process is about to end", async () => {
  await using world = await TokenWorld.create();
  // Started before, since a start replays the journal.
  const other = await world.start();
  const { r1, r2 } = await journaledByTheDead(world);
  other.stop();
  assert.equal(await refresh(world, other, r1), r2);
  assert.equal(await stored(world, other, r1), r2);
});

Deno.test("refreshUserToken() serves a pair out of the journal again when the store is away", async () => {
  await using world = await TokenWorld.create();
  const [owner, other] = [await world.start(), await world.start()];
  const { r1, r2 } = await journaledBy(world, owner, new Barrier());
  other.kv.onRead = () => "throw";
  assert.equal(await refresh(world, other, r1), r2);
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("refreshUserToken() notices a store that went back though the journal still has the pair", async () => {
  await using world = await TokenWorld.create();
  const [owner, other] = [await world.start(), await world.start()];
  const barrier = new Barrier();
  const { r1, r2 } = await journaledBy(world, owner, barrier);
  const [journal, copy] = [`${world.path}.journal`, `${world.folder}/copy`];
  await copyFolder(journal, copy);
  barrier.isOpen = true;
  await owner.tokens.drain();
  assert.equal(await refresh(world, other, r1), r2);
  // As it would be there still, had its owner been killed before it removed it.
  await copyFolder(copy, journal);
  await loseRecords(other.kv, "token");
  assert.equal(await refresh(world, other, r1), r2);
  world.log.only("store went back behind what it held, healing it");
});

Deno.test("refreshUserToken() does not wait until an older token of the chain leads straight to the new pair", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  await refresh(world, process, r1);
  await process.tokens.drain();
  world.age(2 * 60 * 60_000);
  using gate = new Gate();
  let isStored = false;
  process.kv.onCommit = async (commit) => {
    if (isStored || !commit.slots.includes("token")) return await gate.onCommit(commit);
    isStored = true;
    return "pass";
  };
  const r3 = await refresh(world, process, r1);
  await world.until(() => gate.commits > 0);
  assert.equal(await refresh(world, process, r1), r3);
  gate.open();
  await process.tokens.drain();
  assert.equal(await stored(world, process, r1), r3);
});

Deno.test("refreshUserToken() leaves nothing to the end of its process that the journal has", async () => {
  await using world = await TokenWorld.create();
  const clock: Clock = {
    now: () => world.clock.now(),
    monotonic: () => world.clock.monotonic(),
    // The pause before the next try outlasts the process.
    sleep: (ms, signal) => REAL_CLOCK.sleep(ms < 50 || ms > 150 ? ms : 60_000, signal),
  };
  const process = await world.start({ clock });
  const r1 = await world.login("v2");
  await refresh(world, process, r1);
  await process.tokens.drain();
  world.age(2 * 60 * 60_000);
  process.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
  await refresh(world, process, r1);
  await world.until(() => world.log.lines.some(({ event }) => event === "token not stored yet, trying on"));
  const reads = countReads(process);
  process.stop();
  await process.tokens.drain();
  assert.equal(reads.count, 0);
});

Deno.test("refreshUserToken() misses no pair that its owner stores and lets go of during the look at it", async () => {
  await using world = await TokenWorld.create();
  const [owner, other] = [await world.start(), await world.start()];
  const r1 = await world.login("v2");
  const r2 = new Secret(await refresh(world, owner, r1));
  await owner.tokens.drain();
  const barrier = new Barrier();
  owner.kv.onCommit = barrier.onCommit;
  // The pair that came of the first token still works, and is superseded all the same.
  const r3 = await refresh(world, owner, r2);
  let reads = 0;
  other.kv.afterRead = async (): Promise<void> => {
    if (++reads !== 2) return;
    barrier.isOpen = true;
    await owner.tokens.drain();
  };
  assert.equal(await refresh(world, other, r1), r3);
});

Deno.test("refreshUserToken() answers with no older pair out of the journal between a late commit and its clearing", async () => {
  await using world = await TokenWorld.create();
  const [owner, neighbour] = [await world.start(), await world.start()];
  const elsewhere = await world.start({ withoutJournal: true });
  const goOn = Promise.withResolvers<void>();
  let isDenied = false;
  // The pair lands, the store denies it, and the look that tells takes its time: the journal has the pair all the while.
  owner.kv.onCommit = ({ slots }) => {
    if (!slots.includes("token")) return "pass";
    isDenied = true;
    return "land_and_lie";
  };
  owner.kv.afterRead = async (): Promise<void> => {
    if (isDenied) await goOn.promise;
  };
  const r1 = await world.login("v2");
  const late = refresh(world, owner, r1);
  await world.until(async () => await stored(world, elsewhere, r1) !== undefined);
  const r2 = await refresh(world, elsewhere, r1);
  world.age(2 * 60 * 60_000);
  const r3 = await refresh(world, elsewhere, r1);
  await elsewhere.tokens.drain();
  assert.deepEqual([await stored(world, elsewhere, r1), r3 === r2], [r3, false]);
  assert.equal(await refresh(world, neighbour, r1), r3);
  goOn.resolve();
  await late;
  assert.equal(await refresh(world, owner, r1), r3);
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("replaceRejected() answers with no pair that other machines cannot find yet", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const call = world.call();
  const { accessToken, refreshToken } = await process.tokens.refreshUserToken(world.credentials, r1, call);
  assert(refreshToken !== undefined);
  await process.tokens.drain();
  using gate = new Gate();
  process.kv.onCommit = gate.onCommit;
  let isAnswered = false;
  const report = process.tokens.replaceRejected(world.credentials, { accessToken, refreshToken }, call)
    .finally(() => isAnswered = true);
  await world.until(() => gate.commits > 0);
  await world.refreshCalls();
  assert.equal(isAnswered, false);
  gate.open();
  assert.equal((await report).refreshToken?.reveal(), await stored(world, process, refreshToken));
});

Deno.test("replaceRejected() stores what it finds in the journal before it answers", async () => {
  await using world = await TokenWorld.create();
  const [owner, other] = [await world.start(), await world.start()];
  const { accessToken } = await owner.tokens.refreshUserToken(
    world.credentials,
    await world.login("v2"),
    world.call(),
  );
  const { r1, r2 } = await journaledBy(world, owner, new Barrier());
  const rejected = { accessToken, refreshToken: r1 };
  const { refreshToken } = await other.tokens.replaceRejected(world.credentials, rejected, world.call());
  assert.deepEqual([refreshToken?.reveal(), await stored(world, other, r1)], [r2, r2]);
});

Deno.test("replaceRejected() answers nobody with what Feishu had issued before the question", async () => {
  await using world = await TokenWorld.create();
  const [slow, other] = [await world.start(), await world.start()];
  const r1 = await world.login("v2");
  const report = async (process: TokenProcess, presented: Secret, accessToken: Secret): Promise<string> => {
    const rejected = { accessToken, refreshToken: presented };
    const { refreshToken } = await process.tokens.replaceRejected(world.credentials, rejected, world.call());
    assert(refreshToken !== undefined);
    return refreshToken.reveal();
  };
  const accessTokenFor = async (presented: Secret): Promise<Secret> =>
    (await other.tokens.refreshUserToken(world.credentials, presented, world.call())).accessToken;
  const rejected = await accessTokenFor(r1);
  await other.tokens.drain();
  world.age(61_000);
  using gate = new Gate();
  slow.kv.onCommit = gate.onCommit;
  const third = report(slow, r1, rejected);
  await world.until(() => gate.commits > 0);
  world.age(61_000);
  // The journal has it for the other process, whose caller reports that one too.
  const fourth = await report(other, r1, await accessTokenFor(r1));
  assert.equal(await report(slow, r1, rejected), fourth);
  gate.open();
  // Asked before that, it may be answered with what Feishu has issued to it.
  assert.notEqual(await third, r1.reveal());
});

Deno.test.each([
  { agoMs: 0, isSame: true, calls: 1 },
  { agoMs: 61_000, isSame: false, calls: 2 },
])(
  "replaceRejected() asks Feishu if all that it waited for brings the rejected token, unless that is new: %j",
  async ({ agoMs, ...expected }) => {
    await using world = await TokenWorld.create();
    const [owner, other] = [await world.start(), await world.start({ withoutJournal: true })];
    const barrier = new Barrier();
    owner.kv.onCommit = barrier.onCommit;
    const refreshToken = await world.login("v2");
    const { accessToken } = await owner.tokens.refreshUserToken(
      world.credentials,
      refreshToken,
      world.call(),
    );
    world.age(agoMs);
    const reads = countReads(other);
    const rejected = { accessToken, refreshToken };
    const report = other.tokens.replaceRejected(world.credentials, rejected, world.call());
    // And one of the app's own record, which it might be about.
    await world.until(() => reads.count > 2);
    barrier.isOpen = true;
    const { isSame, isRenewed, ...replaced } = await report;
    assert.deepEqual([isSame, isRenewed], [expected.isSame, !expected.isSame]);
    assert.equal(replaced.accessToken.reveal() === accessToken.reveal(), expected.isSame);
    assert.equal((await world.refreshCalls()).length, expected.calls);
  },
);

Deno.test("replaceRejected() does not fall back to an older pair when the rejected one cannot be replaced", async () => {
  await using world = await TokenWorld.create();
  const [owner, other] = [
    await world.start({ clock: withoutPauses(world) }),
    await world.start({ clock: withoutPauses(world), withoutJournal: true }),
  ];
  const call = world.call();
  const refreshToken = await world.login("v2");
  await owner.tokens.refreshUserToken(world.credentials, refreshToken, call);
  await owner.tokens.drain();
  // Three minutes are left: it is renewed, and would be served if that failed.
  world.age(117 * 60_000);
  const barrier = new Barrier();
  owner.kv.onCommit = barrier.onCommit;
  const { accessToken } = await owner.tokens.refreshUserToken(world.credentials, refreshToken, call);
  await world.fault({ kind: "http", status: 503 });
  world.age(61_000);
  const reads = countReads(other);
  const report = failure(
    other.tokens.replaceRejected(world.credentials, { accessToken, refreshToken }, call),
  );
  // One of the app's own record, one of the first link, and the look at the second.
  await world.until(() => reads.count > 3);
  barrier.isOpen = true;
  assert.equal((await report).code, "feishu_unavailable");
});

Deno.test("refreshUserToken() answers with what others have stored while its call outlasted its lease", async () => {
  await using world = await TokenWorld.create();
  const patient = patientClock(world);
  const real = world.feishu();
  const [r1, another] = [await world.login("v2"), await world.login("v2")];
  const goOn = Promise.withResolvers<void>();
  const slow = await world.start({
    clock: patient.clock,
    feishu: {
      ...real,
      async refreshUserToken(request): Promise<FeishuAnswer> {
        const answer = await real.refreshUserToken(request);
        await goOn.promise;
        return answer;
      },
    },
  });
  // Feishu issues a second pair for the same token, which it does not document.
  const taker = await world.start({
    withoutJournal: true,
    clock: patient.clock,
    feishu: {
      ...real,
      refreshUserToken: (request) => real.refreshUserToken({ ...request, refreshToken: another }),
    },
  });
  const late = refresh(world, slow, r1);
  await world.until(async () => (await world.refreshCalls()).length === 1);
  const reads = countReads(taker);
  const taken = refresh(world, taker, r1);
  await world.until(() => reads.count > 1);
  patient.wait(PAST_LEASE_MS);
  const first = await taken;
  goOn.resolve();
  assert.equal(await late, first);
});

Deno.test("refreshUserToken() presents no token whose pair a third process moves into the store after the claim", async () => {
  await using world = await TokenWorld.create();
  const real = world.feishu();
  const [issued, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const owner = await world.start({
    feishu: {
      ...real,
      async refreshUserToken(request): Promise<FeishuAnswer> {
        const answer = await real.refreshUserToken(request);
        issued.resolve();
        await goOn.promise;
        return answer;
      },
    },
  });
  const barrier = new Barrier();
  owner.kv.onCommit = barrier.onCommit;
  const r1 = await world.login("v2");
  const owned = refresh(world, owner, r1);
  await issued.promise;
  // Found dead by who has looked into the store and the journal, and noted the pair before it died.
  const dies = async (): Promise<void> => {
    goOn.resolve();
    await owned;
    owner.kill();
  };
  let death: Promise<void> | undefined;
  const [taker, third] = [
    await world.start({
      liveness: (own) => ({
        ...own,
        async isAlive(process): Promise<boolean> {
          await (death ??= dies());
          return await own.isAlive(process);
        },
      }),
    }),
    await world.start(),
  ];
  let moving: Promise<void> | undefined;
  taker.kv.onCommit = ({ slots }) =>
    slots.includes("lease") && moving === undefined ? "land_and_lie" : "pass";
  taker.kv.afterRead = async (): Promise<void> => {
    // The read that finds the claim in place, in spite of the answer.
    if (death === undefined) return;
    moving ??= (async (): Promise<void> => {
      await refresh(world, third, r1);
      await third.tokens.drain();
    })();
    await moving;
  };
  assert.equal(await refresh(world, taker, r1), await owned);
  assert.equal((await world.refreshCalls()).length, 1);
});
