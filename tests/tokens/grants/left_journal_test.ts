import assert from "node:assert/strict";
import { isTombstone, tokenIn } from "../../../src/ports/record_order.ts";
import type { LoginClaims, Snapshot, TokenRecord } from "../../../src/ports/store.ts";
import { answers, type GrantProcess, startGrantProcess } from "../../support/grant_world.ts";
import type { CommitFate } from "../../support/interceptable_kv.ts";
import { loseRecords } from "../../support/lose_records.ts";
import { failure, patientClock, TokenWorld } from "../../support/token_world.ts";

// What a journal file, a memory or a wall says that is left from before, against what the store holds since.

const AT_S = Date.UTC(2026, 0, 2) / 1_000;
const FAR_MS = Date.UTC(2200, 0, 1);

function kept({ token }: Snapshot): string {
  if (token.value === null) return "nothing";
  return isTombstone(token.value)
    ? "a tombstone"
    : token.value.token.refreshToken?.reveal() ?? "no refresh token";
}

function claims(id: string, seconds: number): { readonly auth: LoginClaims } {
  return { auth: { id, timeS: AT_S + seconds } };
}

async function versionNow({ kv }: GrantProcess): Promise<string> {
  return (await kv.kv.set(["other", "counter"], 1)).versionstamp;
}

/** As a process that is killed before it clears its journal. */
function keepsJournal({ store }: GrantProcess): void {
  assert(store.journal !== null);
  Object.assign(store.journal, { clear: () => Promise.reject(new Error("killed before")) });
}

function goesOffline({ kv }: GrantProcess): void {
  kv.onRead = () => "throw";
  kv.onCommit = () => "throw";
}

function comesBack({ kv }: GrantProcess): void {
  kv.onRead = () => "pass";
  kv.onCommit = () => "pass";
}

/** A process on a machine whose clock is ten minutes ahead, and which has no journal in common with the others. */
function startAhead(world: TokenWorld): Promise<GrantProcess> {
  const ahead = { ...patientClock(world).clock, now: () => world.clock.now() + 600_000 };
  return startGrantProcess(world, { clock: ahead, withoutJournal: true });
}

async function journaled({ store, kept: { name } }: GrantProcess): Promise<string | undefined> {
  return (await store.journal?.newest(name))?.token.refreshToken?.reveal();
}

Deno.test.each([{ origin: {} }, { origin: claims("a", 1) }])(
  "the journal file of a login that was stored does not bring it back over a later one: %j",
  async ({ origin }) => {
    await using world = await TokenWorld.create();
    const first = await startGrantProcess(world);
    keepsJournal(first);
    await first.login("n1", origin);
    first.kill();
    world.age(5_000);
    const other = await startGrantProcess(world, { withoutJournal: true });
    await other.login("n2");
    await other.renew(() => answers("n3"));
    const next = await startGrantProcess(world);
    await next.pairs.read(next.kept);
    assert.equal(kept(await next.stored()), "n3");
  },
);

Deno.test.each([{ origin: {} }, { origin: claims("a", 1) }])(
  "the journal file of a login that got its place at a retry does not bring it back over its rotation, nor over a logout: %j",
  async ({ origin }) => {
    for (const end of ["rotation", "logout"]) {
      await using world = await TokenWorld.create();
      const other = await startAhead(world);
      await other.login("r1");
      const first = await startGrantProcess(world);
      goesOffline(first);
      await first.login("s1", origin);
      keepsJournal(first);
      comesBack(first);
      await first.pairs.read(first.kept);
      assert.equal(kept(await first.stored()), "s1");
      first.kill();
      if (end === "rotation") await other.renew(() => answers("s2"));
      else await other.logout();
      const next = await startGrantProcess(world);
      await next.pairs.read(next.kept);
      assert.equal(kept(await next.stored()), end === "rotation" ? "s2" : "a tombstone");
    }
  },
);

Deno.test("a login is above what this process remembers, though the store has lost that", async () => {
  await using world = await TokenWorld.create();
  await (await startAhead(world)).login("r1");
  const process = await startGrantProcess(world);
  await process.pairs.read(process.kept);
  await loseRecords(process.kv);
  assert.equal(await process.loginPlace("s1"), "stored");
  await process.pairs.read(process.kept);
  assert.equal(kept(await process.stored()), "s1");
});

Deno.test("the first journal file of a login stays when that of its place cannot be written", async () => {
  await using world = await TokenWorld.create();
  await (await startAhead(world)).login("r1");
  const process = await startGrantProcess(world);
  const { journal } = process.store;
  assert(journal !== null);
  const put = journal.put.bind(journal);
  let puts = 0;
  Object.assign(journal, {
    put: (...args: Parameters<typeof put>) =>
      ++puts === 2 ? Promise.reject(new Error("disk full")) : put(...args),
  });
  process.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
  await process.login("s1");
  assert.equal(await journaled(process), "s1");
});

Deno.test("a new database is not bound by the wall of the one that was deleted", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1", { ...claims("a", 1), began: await versionNow(process) });
  for (let count = 0; count < 60; count++) await versionNow(process);
  await process.logout();
  await process.login("r2", { ...claims("b", 2), began: await versionNow(process) });
  await Deno.remove(world.path);
  await process.pairs.read(process.kept);
  assert.equal(kept(await process.stored()), "r2");
  const next = await startGrantProcess(world);
  const began = await versionNow(next);
  assert.equal(await next.loginPlace("r3", { ...claims("c", 3_600), began }), "stored");
});

Deno.test.each([true, false])(
  "a process that remembers a login leaves the one that came after its logout alone, though it is of the same second: %j",
  async (knowsBeginning) => {
    await using world = await TokenWorld.create();
    const [p, q] = [await startGrantProcess(world), await startGrantProcess(world)];
    await p.login("r1", { ...claims("z", 1), ...(knowsBeginning ? { began: await versionNow(p) } : {}) });
    await q.pairs.read(q.kept);
    await p.logout();
    await p.login("c1", { ...claims("a", 1), began: await versionNow(p) });
    await q.pairs.read(q.kept);
    assert.equal(kept(await p.stored()), "c1");
  },
);

Deno.test("read() ends where a store keeps losing what is written, in store_unavailable", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1");
  const nothing = { value: null, version: null };
  const empty: Snapshot = { token: nothing, lease: nothing, status: nothing, spare: nothing };
  Object.assign(process.store.records, {
    read: () => Promise.resolve(empty),
    write: () => Promise.resolve({ kind: "ok", version: "00000000000000000001" }),
  });
  assert.equal((await failure(process.pairs.read(process.kept))).code, "store_unavailable");
});

Deno.test("the journal file of a login with claims is not cleared by a rotation of one without", async () => {
  await using world = await TokenWorld.create();
  const a = await startGrantProcess(world);
  const first = await a.login("n1");
  const b = await startGrantProcess(world);
  goesOffline(b);
  await b.login("s1", claims("s", 100));
  b.kill();
  await a.pairs.keep(a.kept, await a.record("n2", { login: first.login, gen: 2 }), await a.stored());
  await world.drain();
  const next = await startGrantProcess(world);
  await next.pairs.read(next.kept);
  assert.equal(kept(await next.stored()), "s1");
});

Deno.test("a joiner is not served a login that was ended before it asked", async () => {
  await using world = await TokenWorld.create();
  const [a, b] = [await startGrantProcess(world), await startGrantProcess(world)];
  await a.login("r1");
  const { promise: reached, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let holds = false;
  a.kv.onCommit = async ({ slots }): Promise<CommitFate> => {
    if (!holds || slots.includes("token")) return "pass";
    arrive();
    await released;
    return "pass";
  };
  // The same refresh token comes back, so that the lease is released: that is held.
  const first = a.renew(() => {
    holds = true;
    return answers("r1");
  });
  await reached;
  await b.logout();
  holds = false;
  const joined = failure(a.renew(() => assert.fail("Feishu was asked")));
  release();
  await first.catch(() => {});
  assert.equal((await joined).code, "not_logged_in");
});

Deno.test("a joiner gets what is enough for it, not what was enough for the one it joined", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1");
  const content = process.renew(() => assert.fail("Feishu was asked"), "another");
  const demanding = process.renew(() => answers("r2"), "r1");
  assert.equal((await content).record.token.refreshToken?.reveal(), "r1");
  assert.equal((await demanding).record.token.refreshToken?.reveal(), "r2");
});

Deno.test("many joiners share their reads of the store", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1");
  let reads = 0;
  process.kv.onRead = () => {
    reads++;
    return "pass";
  };
  await Promise.all(Array.from({ length: 50 }, () => process.renew(() => assert.fail("asked"), "another")));
  assert(reads < 10, `${reads} reads`);
});

Deno.test("a pair that was outranked is not served when a logout comes before the look", async () => {
  await using world = await TokenWorld.create();
  const [a, b] = [await startGrantProcess(world), await startGrantProcess(world)];
  await a.login("r1", claims("a", 1));
  const read = a.pairs.read.bind(a.pairs);
  let reads = 0;
  Object.assign(a.pairs, {
    read: async (...args: Parameters<typeof read>) => {
      if (++reads === 2) await b.logout();
      return await read(...args);
    },
  });
  const renewing = failure(a.renew(async () => {
    await b.login("s1", claims("b", 10));
    return answers("r2");
  }, "r1"));
  assert.equal((await renewing).code, "not_logged_in");
});

Deno.test("a grant whose pair no database takes can be logged out", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1", claims("a", 1));
  const stored = tokenIn((await process.stored()).token.value);
  assert(stored !== null);
  const large = await process.record("x".repeat(80_000), { login: stored.login, gen: 2 });
  const { auth } = stored;
  const pair: TokenRecord = { ...large, ...(auth === undefined ? {} : { auth }) };
  await process.pairs.keep(process.kept, pair, await process.stored());
  assert.equal(await process.logout(), true);
  assert.equal(kept(await process.stored()), "a tombstone");
});

Deno.test("a grant stays in the index when a start stores its pair from the journal", async () => {
  await using world = await TokenWorld.create();
  const process = await startGrantProcess(world);
  await process.login("r1", claims("a", 1));
  process.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
  await process.renew(() => answers("r2"));
  process.kill();
  const next = await startGrantProcess(world);
  assert.equal(kept(await next.stored()), "r2");
  // The refresh token before has ended, the entry has not: the next look at the record finds it.
  world.age(Date.UTC(2100, 0, 8) - world.clock.now());
  assert.equal((await next.due(FAR_MS)).length, 1);
});

Deno.test("a journal file of what is stored, or was outranked, is removed by the next look", async () => {
  await using world = await TokenWorld.create();
  const first = await startGrantProcess(world);
  keepsJournal(first);
  await first.login("n1", claims("a", 1));
  first.kill();
  const next = await startGrantProcess(world);
  await next.pairs.read(next.kept);
  await world.until(async () => await journaled(next) === undefined);
  assert.equal(world.log.lines.filter(({ event }) => event.includes("left for the next look")).length, 0);
});
