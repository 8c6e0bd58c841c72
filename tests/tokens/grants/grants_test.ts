import assert from "node:assert/strict";
import type { FeishuAnswer } from "../../../src/ports/feishu.ts";
import { isTombstone, tokenIn } from "../../../src/ports/record_order.ts";
import type { LoginClaims, RecordChange, Snapshot, WriteOutcome } from "../../../src/ports/store.ts";
import type { CommitFate } from "../../support/interceptable_kv.ts";
import { answers, type GrantProcess, SPENT, startGrantProcess, TOO_MANY } from "../../support/grant_world.ts";
import { failure, patientClock, TokenWorld } from "../../support/token_world.ts";

/** Longer than the lease of a spending call lives. */
const PAST_LEASE_MS = 41_000;

/** The refresh token that is stored, with its generation. */
function kept({ token }: Snapshot): string {
  const record = tokenIn(token.value);
  return record === null ? "nothing" : `${record.token.refreshToken?.reveal()} of generation ${record.gen}`;
}

/** Feishu's answer, held back until a test lets it go; `reached` resolves when the token was presented. */
function held(answer: FeishuAnswer): {
  readonly answer: () => Promise<FeishuAnswer>;
  readonly reached: Promise<void>;
  release(): void;
} {
  const { promise: reached, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  return {
    answer: async () => {
      arrive();
      await released;
      return answer;
    },
    reached,
    release,
  };
}

function refuse(): never {
  throw new Error("Feishu was asked");
}

async function readLease({ stored }: GrantProcess): Promise<string | undefined> {
  return (await stored()).lease.value?.process;
}

Deno.test("run() replaces the pair of a grant in its place", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1");
  const { record, isDurable } = await process.renew(() => answers("r2"));
  assert.deepEqual([record.gen, isDurable, process.presented], [2, true, ["r1"]]);
  assert.equal(kept(await process.stored()), "r2 of generation 2");
});

Deno.test("login() outranks a rotation of the earlier login that is still on its way", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1");
  const feishu = held(answers("r2"));
  const renewing = process.renew(feishu.answer);
  await feishu.reached;
  world.age(1_000);
  const login = await (await startGrantProcess(world)).login("s1");
  feishu.release();
  await renewing;
  assert.equal(kept(await process.stored()), `s1 of generation ${login.gen}`);
  assert.equal((await process.stored()).spare.value, null);
  assert.equal(process.pairs.unstored, 0);
});

Deno.test("login() goes above what is stored even where the clock was set back", async () => {
  await using world = await TokenWorld.create();
  const ahead = { ...patientClock(world).clock, now: () => world.clock.now() + 86_400_000 };
  const first = await (await startGrantProcess(world, { clock: ahead })).login("r1");
  const second = await (await startGrantProcess(world)).login("s1");
  assert.equal(second.login, first.login + 1);
});

Deno.test("login() keeps its pair in the journal while the store is away, and in the store afterwards", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  process.kv.onRead = () => "throw";
  process.kv.onCommit = () => "throw";
  await process.login("r1");
  process.kill();
  const next = await startGrantProcess(world);
  assert.equal((await next.pairs.read(next.kept)).token.value?.gen, 1);
  assert.equal(kept(await next.stored()), "r1 of generation 1");
});

Deno.test("logout() leaves a tombstone that no rotation on its way replaces", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1");
  const feishu = held(answers("r2"));
  const renewing = failure(process.renew(feishu.answer));
  await feishu.reached;
  const other = await startGrantProcess(world);
  assert.equal(await other.logout(), true);
  feishu.release();
  assert.equal((await renewing).code, "not_logged_in");
  assert(isTombstone((await process.stored()).token.value ?? { login: 0, gen: 0 }));
  await process.pairs.read(process.kept);
  assert(isTombstone((await process.stored()).token.value ?? { login: 0, gen: 0 }));
  await world.until(async () => await process.store.journal?.newest(process.kept.name) === null);
  assert.equal(process.pairs.unstored, 0);
});

Deno.test("logout() ends marks and spares with the login, and a later login begins above it", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const first = await process.login("r1");
  await failure(process.renew(() => SPENT));
  assert.equal((await process.stored()).status.value?.mark, "needs_login");
  await process.logout();
  assert.equal((await process.stored()).status.value, null);
  assert.equal(await process.logout(), false);
  const second = await process.login("s1");
  assert(second.login > first.login);
  assert.equal(kept(await process.stored()), `s1 of generation ${second.gen}`);
});

Deno.test("logout() is not misled by a store that says no to a write that landed", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1");
  process.kv.onCommit = () => "land_and_lie";
  assert.equal(await process.logout(), true);
});

Deno.test("run() files a second pair of the same generation as the spare, and adopts it when the first is refused", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const { login } = await process.login("r1");
  const feishu = held(answers("r2-late"));
  const renewing = process.renew(feishu.answer);
  await feishu.reached;
  // Another process took over, was answered too, and stored first.
  const rival = await process.record("r2", { login, gen: 2 });
  await process.store.records.write(process.kept.name, {
    check: {},
    set: { token: rival },
    deadlineMs: 1_000,
  });
  feishu.release();
  await renewing;
  assert.equal(kept(await process.stored()), "r2 of generation 2");
  assert.equal((await process.stored()).spare.value?.token.refreshToken?.reveal(), "r2-late");

  const other = await startGrantProcess(world);
  const { record } = await other.renew((token) => token === "r2" ? SPENT : answers("r3"));
  assert.deepEqual(other.presented, ["r2", "r2-late"]);
  assert.equal(record.gen, 3);
  const after = await other.stored();
  assert.deepEqual([kept(after), after.spare.value, after.status.value], ["r3 of generation 3", null, null]);
});

Deno.test("run() adopts a spare that turned up after the mark", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const { login, gen } = await process.login("r1");
  await failure(process.renew(() => SPENT));
  assert.equal((await failure(process.renew(refuse))).code, "refresh_token_spent");
  const spare = await process.record("r1-late", { login, gen });
  await process.store.records.write(process.kept.name, { check: {}, set: { spare }, deadlineMs: 1_000 });
  await process.renew(() => answers("r2"));
  assert.deepEqual(process.presented, ["r1", "r1-late"]);
});

Deno.test("run() leaves the spare of another login alone", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const { login, gen } = await process.login("r1");
  const spare = await process.record("q9", { login: login - 1, gen: gen + 8 });
  await process.store.records.write(process.kept.name, { check: {}, set: { spare }, deadlineMs: 1_000 });
  assert.equal((await failure(process.renew(() => SPENT))).code, "refresh_token_spent");
  assert.equal(kept(await process.stored()), `r1 of generation ${gen}`);
});

Deno.test("run() does not mark when a spare is filed between the look and the mark", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const other = await startGrantProcess(world);
  const { login, gen } = await process.login("r1");
  const spare = await process.record("r1-late", { login, gen });
  process.kv.onCommit = async ({ slots }): Promise<CommitFate> => {
    if (!slots.includes("status")) return "pass";
    process.kv.onCommit = () => "pass";
    await other.store.records.write(process.kept.name, { check: {}, set: { spare }, deadlineMs: 1_000 });
    return "pass";
  };
  const renewing = process.renew((token) => token === "r1" ? SPENT : answers("r2"));
  // Its own lease on the refused pair is not in the way: it is about another token.
  assert.equal((await renewing).record.gen, 2);
  assert.equal((await process.stored()).status.value, null);
});

Deno.test("read() heals a store that went back, and in the same write holds off the process that would present the old token", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1");
  const before = await process.stored();
  await process.renew(() => answers("r2"));
  const backup = tokenIn(before.token.value);
  assert(backup !== null);
  await process.store.records.write(process.kept.name, {
    check: {},
    set: { token: backup },
    deadlineMs: 1_000,
  });
  const commits: string[] = [];
  process.kv.onCommit = ({ slots }) => {
    commits.push(slots.join("+"));
    return "pass";
  };
  await process.pairs.read(process.kept);
  assert.deepEqual(commits, ["token+lease+value"]);
  assert.equal(kept(await process.stored()), "r2 of generation 2");
  assert.equal(await readLease(process), "nobody");
});

Deno.test("run() presents nothing for one life of a lease after a store that went back was healed", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1");
  await process.renew(() => answers("r2"));
  await process.store.records.write(process.kept.name, {
    check: {},
    set: {},
    remove: ["token", "lease"],
    deadlineMs: 1_000,
  });
  await process.pairs.read(process.kept);
  process.kill();
  const { clock, wait } = patientClock(world);
  const other = await startGrantProcess(world, { clock });
  let reads = 0;
  other.kv.onRead = () => {
    reads++;
    return "pass";
  };
  const renewing = other.renew(() => answers("r3"));
  await world.until(() => reads > 5);
  assert.deepEqual(other.presented, []);
  wait(PAST_LEASE_MS);
  await renewing;
  assert.deepEqual(other.presented, ["r2"]);
  assert.equal((await other.stored()).token.value?.gen, 3);
});

Deno.test("run() presents nothing while what memory has beyond the store cannot be written", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1");
  let isAway = true;
  process.kv.onCommit = ({ slots }) => isAway && slots.includes("token") ? "throw" : "pass";
  assert.equal((await process.renew(() => answers("r2"))).record.gen, 2);
  assert.equal((await failure(process.renew(refuse))).code, "store_unavailable");
  isAway = false;
  assert.equal((await process.renew(() => answers("r3"))).record.gen, 3);
  assert.deepEqual(process.presented, ["r1", "r2"]);
});

Deno.test("read() finds in the journal what another process of the machine could not store", async () => {
  await using world = await TokenWorld.create();
  const dying = await startGrantProcess(world);
  await dying.login("r1");
  const other = await startGrantProcess(world);
  await other.pairs.read(other.kept);
  dying.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
  await dying.renew(() => answers("r2"));
  dying.kill();
  assert.equal((await other.renew(refuse, "r1")).record.gen, 2);
  assert.equal(kept(await other.stored()), "r2 of generation 2");
});

Deno.test("logout() clears from the journal what a rotation on its way has left there", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const { login, gen } = await process.login("r1");
  const rotation = await process.record("r2", { login, gen: gen + 1 });
  process.kv.onCommit = async (): Promise<CommitFate> => {
    await process.store.journal?.put(process.kept.name, rotation);
    return "pass";
  };
  await process.logout();
  assert.equal(await process.store.journal?.newest(process.kept.name), null);
});

Deno.test("read() holds off when the journal is two rotations ahead of the store", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const { login, gen } = await process.login("r1");
  await process.store.journal?.put(process.kept.name, await process.record("r3", { login, gen: gen + 2 }));
  await process.pairs.read(process.kept);
  assert.equal(kept(await process.stored()), `r3 of generation ${gen + 2}`);
  assert.equal(await readLease(process), "nobody");
});

Deno.test.each<[string, { token?: string; spare?: string; gen: number }]>([
  ["the token has moved", { token: "r2", gen: 2 }],
  ["another spare was filed", { spare: "r1-later", gen: 1 }],
])("adopt() changes nothing when %s since the look", async (_name, { token, spare, gen }) => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const { login } = await process.login("r1");
  const { records } = process.store;
  const write = (set: RecordChange["set"]): Promise<WriteOutcome> =>
    records.write(process.kept.name, { check: {}, set, deadlineMs: 1_000 });
  await write({ spare: await process.record("r1-late", { login, gen: 1 }) });
  const look = await process.stored();
  const moved = await process.record(token ?? spare ?? "", { login, gen });
  await write(token === undefined ? { spare: moved } : { token: moved });
  const before = await process.stored();
  assert.deepEqual(await process.pairs.adopt(process.kept, look), { kind: "conflict" });
  const after = await process.stored();
  assert.deepEqual([after.token.version, after.spare.version], [before.token.version, before.spare.version]);
});

Deno.test("run() does not adopt the spare for a refusal that passes", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const { login, gen } = await process.login("r1");
  const spare = await process.record("r1-late", { login, gen });
  await process.store.records.write(process.kept.name, { check: {}, set: { spare }, deadlineMs: 1_000 });
  const busy = await failure(process.renew(() => TOO_MANY));
  assert.deepEqual([busy.code, process.presented], ["rate_limited", ["r1"]]);
  assert.equal((await failure(process.renew(refuse))).code, "rate_limited");
  assert.equal(kept(await process.stored()), `r1 of generation ${gen}`);
});

Deno.test("login() is not lost when the store was away and this clock is behind that of the login before", async () => {
  await using world = await TokenWorld.create();
  const ahead = { ...patientClock(world).clock, now: () => world.clock.now() + 600_000 };
  const before = await (await startGrantProcess(world, { clock: ahead })).login("r1");
  const process = await startGrantProcess(world);
  process.kv.onRead = () => "throw";
  process.kv.onCommit = () => "throw";
  await process.login("s1");
  process.kv.onRead = () => "pass";
  process.kv.onCommit = () => "pass";
  const look = await process.pairs.read(process.kept);
  assert.deepEqual([look.token.value?.login, look.isUnstored], [before.login + 1, false]);
  assert.equal(kept(await process.stored()), "s1 of generation 2");
  assert.equal(process.pairs.unstored, 0);
  // The file is removed in the background.
  await world.until(async () => await process.store.journal?.newest(process.kept.name) === null);
});

Deno.test("keep() of a rotation does not hide a login that came while it was away", async () => {
  await using world = await TokenWorld.create();
  // Without a journal, which would know better.
  const process = await startGrantProcess(world, { place: { kind: "memory" } });
  await process.login("r1");
  const feishu = held(answers("r2"));
  const renewing = process.renew(feishu.answer);
  await feishu.reached;
  world.age(1_000);
  process.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
  const { login } = await process.login("s1");
  feishu.release();
  await renewing;
  assert.equal((await process.pairs.read(process.kept)).token.value?.login, login);
});

Deno.test("read() files as a spare what a killed process had journaled beside the pair that was stored", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const { login } = await process.login("r1");
  const [stored, rival] = [
    await process.record("r2", { login, gen: 2 }),
    await process.record("r2-late", { login, gen: 2 }),
  ];
  await process.store.journal?.put(process.kept.name, rival);
  await process.store.records.write(process.kept.name, {
    check: {},
    set: { token: stored },
    deadlineMs: 1_000,
  });
  const { token, spare } = await process.pairs.read(process.kept);
  assert.deepEqual([tokenIn(token.value)?.fp, spare.value?.fp], [stored.fp, rival.fp]);
  assert.equal(await process.store.journal?.newest(process.kept.name), null);
});

Deno.test("read() goes on when a spare is filed and the journal cannot be cleared of it", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const { login, gen } = await process.login("r1");
  const { journal } = process.store;
  assert(journal !== null);
  await world.until(async () => await journal.newest(process.kept.name) === null);
  const rival = await process.record("r1-late", { login, gen });
  await journal.put(process.kept.name, rival);
  const { newest } = journal;
  let clears = 0;
  Object.assign(journal, {
    clear(): Promise<void> {
      // A process that tries on and on is let go, so that the test ends.
      if (++clears === 10) Object.assign(journal, { newest: () => Promise.resolve(null) });
      return Promise.reject(new Error("read-only"));
    },
  });
  const { spare } = await process.pairs.read(process.kept);
  // By the filing of the spare, and by the look after it.
  assert.deepEqual([spare.value?.fp, clears], [rival.fp, 2]);
  assert.equal(journal.newest, newest);
});

const AT_S = Date.UTC(2026, 0, 2) / 1_000;

/** The claims of the authorization `id`, given `seconds` after {@linkcode AT_S}. */
function claims(id: string, seconds: number): { readonly auth: LoginClaims } {
  return { auth: { id, timeS: AT_S + seconds } };
}

/** A version of the store from now: what the record of a login that begins now is created with. */
async function versionNow(process: GrantProcess): Promise<string> {
  const { kv } = process.kv;
  const outcome = await kv.set(["other", "counter"], 1);
  return outcome.versionstamp;
}

Deno.test("a login that was journaled by a process that is killed is stored over an earlier one of a clock that was ahead", async () => {
  await using world = await TokenWorld.create();
  const ahead = { ...patientClock(world).clock, now: () => world.clock.now() + 600_000 };
  await (await startGrantProcess(world, { clock: ahead })).login("r1");
  const process = await startGrantProcess(world);
  process.kv.onRead = () => "throw";
  process.kv.onCommit = () => "throw";
  assert.equal(await process.loginPlace("s1"), "journaled");
  process.kill();
  const next = await startGrantProcess(world);
  const { token } = await next.pairs.read(next.kept);
  assert.equal(tokenIn(token.value)?.token.refreshToken?.reveal(), "s1");
  assert.match(kept(await next.stored()), /^s1 /);
});

Deno.test("a login that was journaled by a process that is killed is no sign that the store went back", async () => {
  await using world = await TokenWorld.create();
  await (await startGrantProcess(world)).login("r1");
  world.age(60_000);
  const process = await startGrantProcess(world);
  process.kv.onRead = () => "throw";
  process.kv.onCommit = () => "throw";
  await process.login("s1");
  process.kill();
  const next = await startGrantProcess(world);
  await next.pairs.read(next.kept);
  assert.match(kept(await next.stored()), /^s1 /);
  assert.equal(await readLease(next), undefined);
  assert.equal(next.pairs.storeWentBack(), false);
});

Deno.test.each([{ origin: {} }, { origin: claims("a", 1) }])(
  "a login is in the journal before the store is looked at: %j",
  async ({ origin }) => {
    await using world = await TokenWorld.create();
    const process = await startGrantProcess(world);
    const { promise: reached, resolve: arrive } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    process.kv.afterRead = async () => {
      arrive();
      await released;
    };
    const login = process.login("s1", origin);
    await reached;
    const journaled = await process.store.journal?.newest(process.kept.name);
    assert.equal(journaled?.token.refreshToken?.reveal(), "s1");
    release();
    await login;
    assert.match(kept(await process.stored()), /^s1 /);
  },
);

Deno.test("of two logins the later authorization wins, whichever is stored last", async () => {
  await using world = await TokenWorld.create();
  const a = await startGrantProcess(world);
  const b = await startGrantProcess(world);
  await b.login("new", claims("b", 10));
  world.age(5_000);
  assert.equal(await a.loginPlace("old", claims("a", 1)), "outranked");
  assert.match(kept(await a.stored()), /^new /);
  await world.until(async () => await a.store.journal?.newest(a.kept.name) === null);
});

Deno.test("two authorizations of one second are ordered by their ids, in either order of storing", async () => {
  for (const order of [["a", "b"], ["b", "a"]]) {
    await using world = await TokenWorld.create();
    const process = await startGrantProcess(world);
    for (const id of order) await process.login(id, claims(id, 1));
    assert.match(kept(await process.stored()), /^b /);
  }
});

Deno.test("a login that is finished twice does not go back behind its own rotation", async () => {
  await using world = await TokenWorld.create();
  const a = await startGrantProcess(world);
  const b = await startGrantProcess(world);
  await a.login("s1", claims("a", 1));
  await a.renew(() => answers("s2"));
  world.age(1_000);
  assert.equal(await b.loginPlace("s1", claims("a", 1)), "superseded");
  assert.equal(kept(await a.stored()), "s2 of generation 2");
  assert.equal((await a.stored()).spare.value, null);
});

Deno.test("a journaled login does not go back behind its own rotation when it is replayed", async () => {
  await using world = await TokenWorld.create();
  const killed = await startGrantProcess(world);
  killed.kv.onRead = () => "throw";
  killed.kv.onCommit = () => "throw";
  await killed.login("s1", claims("a", 1));
  const other = await startGrantProcess(world, { withoutJournal: true });
  await other.login("s1", claims("a", 1));
  await other.renew(() => answers("s2"));
  killed.kill();
  const next = await startGrantProcess(world);
  await next.pairs.read(next.kept);
  assert.equal(kept(await next.stored()), "s2 of generation 2");
});

Deno.test("a login without claims goes above one with claims, and keeps its place in the journal", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1", claims("a", 100_000_000));
  const second = await process.login("s1");
  assert.equal(second.login, (AT_S + 100_000_000) * 1_000 + 1);
  assert.equal(kept(await process.stored()), "s1 of generation 2");
  await process.renew(() => answers("s2"));
  const next = await startGrantProcess(world);
  await next.pairs.read(next.kept);
  assert.equal(kept(await next.stored()), "s2 of generation 3");
});

Deno.test("a rotation inherits the claims of its login, and its place", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const began = await versionNow(process);
  await process.login("r1", { ...claims("a", 1), began });
  await process.renew(() => answers("r2"));
  const { value } = (await process.stored()).token;
  assert.deepEqual(tokenIn(value)?.auth, claims("a", 1).auth);
  assert.equal(tokenIn(value)?.began, began);
  assert.equal(tokenIn(value)?.isLogin, undefined);
});

Deno.test("renew() ends in not_logged_in when the user logs out meanwhile, and keeps nothing of what came", async () => {
  await using world = await TokenWorld.create();
  const a = await startGrantProcess(world);
  await a.login("r1");
  const feishu = held(answers("r2"));
  const renewing = failure(a.renew(feishu.answer));
  await feishu.reached;
  const b = await startGrantProcess(world);
  await b.logout();
  feishu.release();
  assert.equal((await renewing).code, "not_logged_in");
  assert.equal(kept(await a.stored()), "nothing");
  await world.until(async () => await a.store.journal?.newest(a.kept.name) === null);
  assert.equal((await failure(a.renew(refuse))).code, "not_logged_in");
});

Deno.test("a login that began before a logout is stored no more, and one that began after it is, whatever their claims say", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1", claims("a", 50));
  const before = await versionNow(process);
  await process.logout();
  const after = await versionNow(process);
  assert.equal(await process.loginPlace("b1", { ...claims("b", 100), began: before }), "ended");
  assert.equal(kept(await process.stored()), "nothing");
  // Of the same second as the login that was ended: its claims alone would keep it below the tombstone for ever.
  assert.equal(await process.loginPlace("c1", { ...claims("c", 1), began: after }), "stored");
  assert.match(kept(await process.stored()), /^c1 /);
  // The wall stands behind the login that came after it.
  assert.equal(await process.loginPlace("b1", { ...claims("b", 100), began: before }), "ended");
  await process.renew(() => answers("c2"));
  assert.equal(await process.loginPlace("b1", { ...claims("b", 100), began: before }), "ended");
  assert.match(kept(await process.stored()), /^c2 /);
});

Deno.test("a journaled login that began before a logout is dropped when it is replayed", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1", claims("a", 1));
  const killed = await startGrantProcess(world);
  const began = await versionNow(killed);
  killed.kv.onRead = () => "throw";
  killed.kv.onCommit = () => "throw";
  await killed.login("b1", { ...claims("b", 100), began });
  killed.kill();
  const other = await startGrantProcess(world, { withoutJournal: true });
  await other.logout();
  const next = await startGrantProcess(world);
  await next.pairs.read(next.kept);
  assert.equal(kept(await next.stored()), "nothing");
  assert.equal(await next.store.journal?.newest(next.kept.name), null);
});

Deno.test("a grant is in the index from the commit that stores it, moves with each rotation, and leaves at the logout", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const far = Date.UTC(2200, 0, 1);
  await process.login("r1", claims("a", 1));
  const [first, ...none] = await process.due(far);
  assert.deepEqual(none, []);
  assert.equal(first?.user, "ou_user");
  // The refresh token lives from the hour before its access token's end to the end of the week.
  const issuedAtMs = Date.UTC(2100, 0, 1) - 7_200_000;
  const lifeMs = Date.UTC(2100, 0, 7) - issuedAtMs;
  const dueAtMs = first.dueAtMs ?? NaN;
  assert(dueAtMs >= issuedAtMs + 0.4 * lifeMs && dueAtMs <= issuedAtMs + 0.6 * lifeMs);
  assert.deepEqual(await process.due(dueAtMs - 1), []);
  assert.equal((await process.due(dueAtMs)).length, 1);
  await process.renew(() => answers("r2"));
  const [second] = await process.due(far);
  assert.notEqual(second?.dueAtMs, dueAtMs);
  await process.logout();
  assert.deepEqual(await process.due(far), []);
});

Deno.test("a commit that fails leaves the index of grants as it was", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const far = Date.UTC(2200, 0, 1);
  await process.login("r1");
  const before = await process.due(far);
  process.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
  await process.renew(() => answers("r2"));
  assert.deepEqual(await process.due(far), before);
});

Deno.test("no renewal of a grant is due whose refresh token lives as long as the authorization", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  const refreshEndsS = Date.UTC(2100, 0, 7) / 1_000;
  await process.login("r1", { auth: { id: "a", timeS: AT_S, endsS: refreshEndsS + 1 } });
  assert.equal((await process.due(Date.UTC(2200, 0, 1))).length, 1);
  await process.login("s1", { auth: { id: "b", timeS: AT_S + 1, endsS: refreshEndsS } });
  assert.deepEqual(await process.due(Date.UTC(2200, 0, 1)), []);
});
