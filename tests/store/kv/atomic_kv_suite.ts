import assert from "node:assert/strict";
import type { AtomicKv, AtomicWrite } from "../../../src/store/kv/atomic_kv.ts";
import type { FaultyKv } from "./faulty_kv.ts";

const DEADLINE_MS = 5_000;

/** An implementation of {@linkcode AtomicKv} under test. */
export interface AtomicKvWorld extends AsyncDisposable {
  readonly kv: AtomicKv;
  /** The same database through another handle, as another process has it. */
  readonly other: AtomicKv;
  /** The same database once more, where its calls go wrong as {@linkcode AtomicKvWorld.faulty} says. */
  readonly unreliable: AtomicKv;
  readonly faulty: FaultyKv;
  /** Lets the deadline of a call of `unreliable` that has no answer pass. */
  passDeadline(): Promise<void>;
}

/**
 * Holds any {@linkcode AtomicKv} to what the renewal protocol needs of it: compare-and-set over several keys, one snapshot,
 * lost replies, commits that land late, the order of listing.
 *
 * @param open `null` where the database is not there: the tests are ignored then.
 */
export function testAtomicKv(name: string, open: (() => Promise<AtomicKvWorld>) | null): void {
  const test = (what: string, run: (world: AtomicKvWorld, root: Deno.KvKey) => Promise<void>): void =>
    Deno.test({
      name: `AtomicKv on ${name}: ${what}`,
      ignore: open === null,
      fn: async () => {
        if (open === null) return;
        await using world = await open();
        await run(world, ["feishu-token", "suite", crypto.randomUUID()]);
      },
    });

  test(
    "a write is read back by another handle, under the version that was told",
    async ({ kv, other }, root) => {
      const key = [...root, "a"];
      const outcome = await kv.commit(writing(key, "one"));
      const [entry] = await other.getMany([key]);
      assert.equal(entry?.value, "one");
      assert.deepEqual(outcome, { kind: "ok", version: entry?.versionstamp });
    },
  );

  test("getMany() answers in the order asked, absent keys too", async ({ kv }, root) => {
    const [a, b, c] = ["a", "b", "c"].map((part) => [...root, part]);
    await kv.commit({ sets: [{ key: a!, value: 1 }, { key: c!, value: 3 }], deadlineMs: DEADLINE_MS });
    const entries = await kv.getMany([c!, b!, a!]);
    assert.deepEqual(entries.map(({ value }) => value), [3, null, 1]);
    assert.deepEqual(entries.map(({ versionstamp }) => versionstamp !== null), [true, false, true]);
  });

  test("of two writes that check the same version one goes through", async ({ kv, other }, root) => {
    const key = [...root, "a"];
    const write = (value: string): AtomicWrite => ({
      ...writing(key, value),
      checks: [{ key, versionstamp: null }],
    });
    const outcomes = await Promise.all([kv.commit(write("one")), other.commit(write("two"))]);
    // A lock of SQLite's may end in `unknown`; it never lets both through.
    const [entry] = await kv.getMany([key]);
    const winner = outcomes.findIndex((outcome) => outcome.kind === "ok");
    assert.equal(outcomes.filter(({ kind }) => kind === "ok").length, 1);
    assert.equal(entry?.value, ["one", "two"][winner]);
  });

  test("a write whose check fails writes and deletes nothing of all that it holds", async ({ kv }, root) => {
    const [a, b, c] = ["a", "b", "c"].map((part) => [...root, part]);
    await kv.commit({ sets: [{ key: a!, value: 1 }, { key: b!, value: 1 }], deadlineMs: DEADLINE_MS });
    const [first] = await kv.getMany([a!]);
    const outcome = await kv.commit({
      checks: [{ key: a!, versionstamp: first!.versionstamp }, { key: b!, versionstamp: null }],
      sets: [{ key: a!, value: 2 }, { key: c!, value: 2 }],
      deletes: [b!],
      deadlineMs: DEADLINE_MS,
    });
    assert.deepEqual(outcome, { kind: "conflict" });
    const entries = await kv.getMany([a!, b!, c!]);
    assert.deepEqual(entries.map(({ value }) => value), [1, 1, null]);
  });

  test("all keys of one write get one version, which only grows", async ({ kv }, root) => {
    const [a, b] = ["a", "b"].map((part) => [...root, part]);
    const versions: string[] = [];
    for (let round = 0; round < 3; round++) {
      const sets = [{ key: a!, value: round }, { key: b!, value: round }];
      const outcome = await kv.commit({ sets, deadlineMs: DEADLINE_MS });
      const entries = await kv.getMany([a!, b!]);
      assert(outcome.kind === "ok");
      assert.deepEqual(entries.map(({ versionstamp }) => versionstamp), [outcome.version, outcome.version]);
      versions.push(outcome.version);
    }
    assert.deepEqual(versions.toSorted(), versions);
    assert.equal(new Set(versions).size, 3);
  });

  test("a version never comes back: not for the same value, nor after a deletion", async ({ kv }, root) => {
    const key = [...root, "a"];
    const first = await kv.commit(writing(key, "same"));
    await kv.commit({ deletes: [key], deadlineMs: DEADLINE_MS });
    await kv.commit(writing(key, "same"));
    assert(first.kind === "ok");
    const outcome = await kv.commit({
      ...writing(key, "late"),
      checks: [{ key, versionstamp: first.version }],
    });
    assert.deepEqual(outcome, { kind: "conflict" });
  });

  test("a check of absence holds for a key that was deleted", async ({ kv }, root) => {
    const key = [...root, "a"];
    await kv.commit(writing(key, "gone"));
    await kv.commit({ deletes: [key], deadlineMs: DEADLINE_MS });
    const outcome = await kv.commit({ ...writing(key, "new"), checks: [{ key, versionstamp: null }] });
    assert.equal(outcome.kind, "ok");
  });

  test("ten checks are taken in one write", async ({ kv }, root) => {
    const keys = Array.from({ length: 10 }, (_, index) => [...root, index]);
    const outcome = await kv.commit({
      checks: keys.map((key) => ({ key, versionstamp: null })),
      sets: keys.map((key) => ({ key, value: "there" })),
      deadlineMs: DEADLINE_MS,
    });
    assert.equal(outcome.kind, "ok");
  });

  test(
    "list() gives every key under a prefix in order, beyond one batch, and no other",
    async ({ kv }, root) => {
      const count = 1_050;
      for (let from = 0; from < count; from += 210) {
        const sets = Array.from({ length: 210 }, (_, index) => ({
          key: [...root, "listed", `k${String(from + index).padStart(5, "0")}`],
          value: from + index,
        }));
        assert.equal((await kv.commit({ sets, deadlineMs: DEADLINE_MS })).kind, "ok");
      }
      await kv.commit(writing([...root, "listed too"], "other"));
      const values = await Array.fromAsync(kv.list([...root, "listed"]), ({ value }) => value);
      assert.deepEqual(values, Array.from({ length: count }, (_, index) => index));
    },
  );

  test("a commit whose reply is lost is unknown at its deadline, and has landed", async (world, root) => {
    const key = [...root, "a"];
    world.faulty.commits.push("land_and_hang");
    const committing = world.unreliable.commit({
      ...writing(key, "landed"),
      checks: [{ key, versionstamp: null }],
    });
    await world.faulty.landed;
    await world.passDeadline();
    assert.deepEqual(await committing, { kind: "unknown" });
    const [entry] = await world.kv.getMany([key]);
    assert.equal(entry?.value, "landed");
  });

  test("a commit that was given up lands late only while its check still holds", async (world, root) => {
    const key = [...root, "a"];
    world.faulty.commits.push("stall");
    const committing = world.unreliable.commit({
      ...writing(key, "late"),
      checks: [{ key, versionstamp: null }],
    });
    await world.faulty.reached;
    await world.passDeadline();
    assert.deepEqual(await committing, { kind: "unknown" });
    assert.equal((await world.other.commit(writing(key, "meanwhile"))).kind, "ok");
    world.faulty.resume();
    await world.faulty.landed;
    const [entry] = await world.other.getMany([key]);
    assert.equal(entry?.value, "meanwhile");
  });

  test(
    "a commit that the database refuses is unknown, and a read throws store_unavailable",
    async (world, root) => {
      world.faulty.commits.push("broken");
      world.faulty.reads.push("broken");
      assert.deepEqual(await world.unreliable.commit(writing([...root, "a"], "lost")), { kind: "unknown" });
      await assert.rejects(world.unreliable.getMany([[...root, "a"]]), { code: "store_unavailable" });
    },
  );
}

function writing(key: Deno.KvKey, value: unknown): AtomicWrite {
  return { sets: [{ key, value }], deadlineMs: DEADLINE_MS };
}
