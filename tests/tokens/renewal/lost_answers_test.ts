import assert from "node:assert/strict";
import { tokenIn } from "../../../src/ports/record_order.ts";
import { Secret } from "../../../src/secret.ts";
import type { TokenRecord } from "../../../src/ports/store.ts";
import type { CommitFate } from "../../support/interceptable_kv.ts";
import type { UserTokenResult } from "../../../src/ports/tokens.ts";
import { failure, patientClock, type TokenProcess, TokenWorld } from "../../support/token_world.ts";
import { withoutPauses } from "../../support/skipping_clock.ts";

const SOME_PAIR: TokenRecord = {
  login: 0,
  gen: 1,
  fp: "fingerprint",
  secretFp: "fingerprint",
  token: { accessToken: new Secret("u-any"), expiresAtMs: Date.UTC(2100, 0, 1), lifetimeMs: 7_200_000 },
};

/** Longer than the lease of a spending call lives. */
const PAST_LEASE_MS = 41_000;

function refresh(world: TokenWorld, { tokens }: TokenProcess, token: Secret): Promise<UserTokenResult> {
  return tokens.refreshUserToken(world.credentials, token, world.call());
}

/** Lets the lease run out as soon as the sandbox has dealt with `calls` calls. */
async function outlastLease(world: TokenWorld, calls = 1): Promise<void> {
  await world.until(async () => {
    const seen = await world.refreshCalls();
    return seen.length === calls && seen.every(({ outcome }) => outcome !== "pending");
  });
  world.age(PAST_LEASE_MS);
}

Deno.test("refreshUserToken() presents the token again after its lease when no answer came and nothing had changed", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  await world.fault({ kind: "drop_before", times: 1 });
  const waiting = refresh(world, process, r1);
  await outlastLease(world);
  assert((await waiting).refreshToken !== undefined);
  assert.deepEqual((await world.refreshCalls()).map(({ outcome }) => outcome), [
    "dropped_before",
    "accepted",
  ]);
});

Deno.test("refreshUserToken() reports an unknown outcome when an answer was lost after Feishu had rotated", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  await world.fault({ kind: "drop_after", times: 1 });
  const waiting = failure(refresh(world, process, r1));
  await outlastLease(world);
  const error = await waiting;
  assert.deepEqual([error.code, error.row.kind], ["rotation_outcome_unknown", "ambiguous"]);
  assert.equal(error.detail.feishuCode, 20064);
  assert.equal((await failure(refresh(world, process, r1))).code, "rotation_outcome_unknown");
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("refreshUserToken() does not present the token a second time while its first presentation may be under way", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  await world.fault({ kind: "drop_before", times: 1 });
  const waiting = refresh(world, process, r1);
  await world.until(async () => (await world.refreshCalls())[0]?.outcome === "dropped_before");
  await process.kv.untilRead(10, waiting); // the renewal polls, and waits for its own lease
  assert.equal((await world.refreshCalls()).length, 1);
  world.age(PAST_LEASE_MS);
  await waiting;
});

Deno.test.each([{ kind: "garbage" }, { kind: "truncate" }])(
  "refreshUserToken() reports an unknown outcome, with the log id of the lost answer, after %j",
  async (fault) => {
    await using world = await TokenWorld.create();
    const process = await world.start({ clock: withoutPauses(world) });
    const r1 = await world.login("v2");
    await world.fault({ ...fault, times: 1 });
    const error = await failure(refresh(world, process, r1));
    assert.equal(error.code, "rotation_outcome_unknown");
    const [lost] = await world.refreshCalls();
    assert.equal(error.detail.logId, lost?.log_id);
  },
);

Deno.test.each([
  { kind: "http", status: 502 },
  { kind: "refuse", code: 20050 },
  { kind: "refuse", code: 20072 },
])("refreshUserToken() tries again within the call after %j", async (fault) => {
  await using world = await TokenWorld.create();
  const process = await world.start({ clock: withoutPauses(world) });
  const r1 = await world.login("v2");
  await world.fault({ ...fault, times: 1 });
  const pair = await refresh(world, process, r1);
  assert.equal(pair.warning, undefined);
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("refreshUserToken() waits as long as Feishu's rate limit says", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  await world.fault({ kind: "rate_limit", ms: 20_000, times: 1 });
  const error = await failure(refresh(world, process, r1));
  assert.deepEqual([error.code, error.report().retry_after_seconds], ["rate_limited", 20]);
  world.age(21_000);
  assert((await refresh(world, process, r1)).refreshToken !== undefined);
});

Deno.test("refreshUserToken() ends the wait of a caller that hangs up, and keeps the pair", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  await world.fault({ kind: "hang", times: 1 });
  const caller = new AbortController();
  const waiting = process.tokens.refreshUserToken(world.credentials, r1, world.call(caller.signal));
  await world.until(async () => (await world.refreshCalls()).length === 1);
  caller.abort(new Error("gone"));
  await assert.rejects(waiting, /gone/);
  await world.clearFaults();
  await process.tokens.drain();
  const pair = await refresh(world, process, r1);
  assert.equal(pair.replayed, true);
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("refreshUserToken() recovers from the journal what a killed process had read and not stored", async () => {
  await using world = await TokenWorld.create();
  const first = await world.start();
  const r1 = await world.login("v2");
  first.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
  const pair = await refresh(world, first, r1);
  first.kill();
  const second = await world.start();
  const recovered = await refresh(world, second, r1);
  assert.equal(recovered.refreshToken?.reveal(), pair.refreshToken?.reveal());
  assert.equal(recovered.replayed, true);
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("refreshUserToken() does not present a token whose successor it holds in memory alone", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  process.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
  const pair = await refresh(world, process, r1);
  await Deno.remove(`${world.path}.journal`, { recursive: true });
  await Deno.mkdir(`${world.path}.journal`);
  const again = await refresh(world, process, r1);
  assert.equal(again.refreshToken?.reveal(), pair.refreshToken?.reveal());
  assert.equal((await world.refreshCalls()).length, 1);
  assert.equal((await process.tokens.health()).ok, false);
  process.kv.onCommit = () => "pass";
  await process.tokens.drain();
  const stored = await process.store.records.read({
    kind: "caller",
    credentials: world.credentials,
    presented: r1,
  });
  assert.equal(tokenIn(stored.token.value)?.token.refreshToken?.reveal(), pair.refreshToken?.reveal());
});

Deno.test("refreshUserToken() hands the pair out with a warning when neither journal nor store took it", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  process.kv.onCommit = async ({ slots }) => {
    if (slots.includes("token")) return "throw";
    // The claim: from here on the journal cannot be written either.
    await Deno.remove(`${world.path}.journal`, { recursive: true });
    await Deno.writeTextFile(`${world.path}.journal`, "");
    return "pass";
  };
  const pair = await refresh(world, process, r1);
  assert(pair.refreshToken !== undefined);
  assert.equal(pair.warning?.code, "store_unavailable");
  const again = await refresh(world, process, r1);
  assert.deepEqual([again.replayed, again.warning?.code], [true, "store_unavailable"]);
  process.kv.onCommit = () => "pass";
  await process.tokens.drain();
  assert.equal((await refresh(world, process, r1)).warning, undefined);
});

Deno.test("refreshUserToken() presents nothing, and gives the lease back, when the journal does not open after the claim", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const name = { kind: "caller", credentials: world.credentials, presented: r1 } as const;
  const folder = `${world.path}.journal`;
  let damaged = "";
  process.kv.onCommit = async ({ slots }): Promise<CommitFate> => {
    if (!slots.includes("lease") || damaged !== "") return "pass";
    await process.store.journal?.put(name, SOME_PAIR);
    for await (const { name: file } of Deno.readDir(folder)) {
      if (file.endsWith(".json")) damaged = `${folder}/${file}`;
    }
    const entry = JSON.parse(await Deno.readTextFile(damaged));
    await Deno.writeTextFile(damaged, JSON.stringify({ ...entry, head: entry.body }));
    return "pass";
  };
  assert.equal((await failure(refresh(world, process, r1))).code, "store_unreadable");
  assert.equal((await world.refreshCalls()).length, 0);
  assert.equal((await process.store.records.read(name)).lease.value, null);
  await Deno.remove(damaged);
  assert.equal((await refresh(world, process, r1)).replayed, false);
});

Deno.test.each(["land_and_lie", "land_and_throw"] as const)(
  "refreshUserToken() is not misled by a store whose commits are %s",
  async (fate) => {
    await using world = await TokenWorld.create();
    const process = await world.start();
    const r1 = await world.login("v2");
    process.kv.onCommit = () => fate;
    const pair = await refresh(world, process, r1);
    process.kv.onCommit = () => "pass";
    const again = await refresh(world, process, r1);
    assert.equal(again.refreshToken?.reveal(), pair.refreshToken?.reveal());
    assert.equal(pair.warning, undefined);
    assert.equal((await world.refreshCalls()).length, 1);
  },
);

Deno.test("refreshUserToken() never presents a token without a lease: with the store away nothing is sent", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  process.kv.onRead = () => "throw";
  assert.equal((await failure(refresh(world, process, r1))).code, "store_unavailable");
  assert.equal((await world.refreshCalls()).length, 0);
});

Deno.test("refreshUserToken() after a kill in mid-call presents again, as what it is: an unknown outcome", async () => {
  await using world = await TokenWorld.create();
  const first = await world.start();
  const r1 = await world.login("v2");
  await world.fault({ kind: "drop_after", times: 1 });
  const lost = refresh(world, first, r1);
  lost.catch(() => {});
  await world.until(async () => (await world.refreshCalls())[0]?.outcome === "dropped_after");
  first.kill();
  const second = await world.start();
  assert.equal((await failure(refresh(world, second, r1))).code, "rotation_outcome_unknown");
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("refreshUserToken() after a kill before Feishu had done anything simply succeeds", async () => {
  await using world = await TokenWorld.create();
  const first = await world.start();
  const r1 = await world.login("v2");
  await world.fault({ kind: "drop_before", times: 1 });
  const lost = refresh(world, first, r1);
  lost.catch(() => {});
  await world.until(async () => (await world.refreshCalls())[0]?.outcome === "dropped_before");
  first.kill();
  assert((await refresh(world, await world.start(), r1)).refreshToken !== undefined);
});

Deno.test("refreshUserToken() forgets an unknown outcome when the pair turns up in the journal", async () => {
  await using world = await TokenWorld.create();
  const first = await world.start();
  const r1 = await world.login("v2");
  first.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
  const pair = await refresh(world, first, r1);
  first.kill();
  // The journal is out of reach for a while: a disk that is mounted late.
  await Deno.rename(`${world.path}.journal`, `${world.path}.away`);
  // Without the folder it is another machine, which waits until it has seen the lease for its whole life.
  const patient = patientClock(world);
  const second = await world.start({ clock: patient.clock });
  const unknown = failure(refresh(world, second, r1));
  await second.kv.untilRead(3, unknown); // it has seen the lease
  patient.wait(PAST_LEASE_MS);
  assert.equal((await unknown).code, "rotation_outcome_unknown");
  second.kill();
  await Deno.remove(`${world.path}.journal`, { recursive: true });
  await Deno.rename(`${world.path}.away`, `${world.path}.journal`);
  const found = await refresh(world, await world.start(), r1);
  assert.equal(found.refreshToken?.reveal(), pair.refreshToken?.reveal());
});
