import assert from "node:assert/strict";
import { tokenIn } from "../../../src/ports/record_order.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { FeishuAnswer } from "../../../src/ports/feishu.ts";
import type { TokenRecord } from "../../../src/ports/store.ts";
import { Secret } from "../../../src/secret.ts";
import type { UserTokenResult } from "../../../src/ports/tokens.ts";
import { loseRecords } from "../../support/lose_records.ts";
import { failure, patientClock, type TokenProcess, TokenWorld } from "../../support/token_world.ts";

const DEFAULT_TTL_MS = 300_000;
const MINUTE_MS = 60_000;
/** Longer than the lease of a spending call lives. */
const PAST_LEASE_MS = 41_000;

function refresh(world: TokenWorld, { tokens }: TokenProcess, token: Secret): Promise<UserTokenResult> {
  return tokens.refreshUserToken(world.credentials, token, world.call());
}

/** A pair as Feishu could have issued it, as `process` keeps it. */
async function pairOf(world: TokenWorld, process: TokenProcess, refreshToken: string): Promise<TokenRecord> {
  const { fingerprints } = process.store;
  const token = {
    accessToken: new Secret("u-of-the-pair"),
    refreshToken: new Secret(refreshToken),
    expiresAtMs: world.clock.now() + 120 * MINUTE_MS,
    lifetimeMs: 120 * MINUTE_MS,
  };
  return {
    login: 0,
    gen: 1,
    fp: await fingerprints.ofToken(world.credentials, token.refreshToken),
    secretFp: await fingerprints.ofAppSecret(world.credentials),
    token,
  };
}

Deno.test("200 callers of 4 processes get one app token by one call", async () => {
  await using world = await TokenWorld.create();
  const processes = [await world.start(), await world.start(), await world.start(), await world.start()];
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, index) => {
      const process = processes[index % processes.length];
      assert(process !== undefined);
      return process.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
    }),
  );
  assert.equal(new Set(results.map(({ accessToken }) => accessToken.reveal())).size, 1);
  assert.equal((await world.appCalls()).length, 1);
});

Deno.test("two processes that present the same refresh token at once get the same successor by one call", async () => {
  await using world = await TokenWorld.create();
  const [a, b] = [await world.start(), await world.start()];
  for (let round = 0; round < 10; round++) {
    const r1 = await world.login("v2");
    const [first, second] = await Promise.all([refresh(world, a, r1), refresh(world, b, r1)]);
    assert.equal(first.refreshToken?.reveal(), second.refreshToken?.reveal());
    assert.equal((await world.refreshCalls()).length, round + 1);
  }
});

Deno.test("a process waits for a living one, however long its call takes, and gets what it got", async () => {
  await using world = await TokenWorld.create();
  const [a, b] = [await world.start(), await world.start()];
  const r1 = await world.login("v2");
  await world.fault({ kind: "hang", times: 1 });
  const first = refresh(world, a, r1);
  await world.until(async () => (await world.refreshCalls()).length === 1);
  const second = refresh(world, b, r1);
  await b.kv.untilRead(20, second);
  assert.equal((await world.refreshCalls()).length, 1);
  await world.clearFaults();
  assert.equal((await second).refreshToken?.reveal(), (await first).refreshToken?.reveal());
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("a process takes over at once from one that was killed, and the outcome counts as unknown", async () => {
  await using world = await TokenWorld.create();
  const [a, b] = [await world.start(), await world.start()];
  const r1 = await world.login("v2");
  await world.fault({ kind: "drop_after", times: 1 });
  refresh(world, a, r1).catch(() => {});
  await world.until(async () => (await world.refreshCalls())[0]?.outcome === "dropped_after");
  a.kill();
  assert.equal((await failure(refresh(world, b, r1))).code, "rotation_outcome_unknown");
});

Deno.test("a process that takes over finds what the killed one journaled between its look and the death", async () => {
  await using world = await TokenWorld.create();
  const a = await world.start();
  const r1 = await world.login("v2");
  const name = { kind: "caller", credentials: world.credentials, presented: r1 } as const;
  const b = await world.start({
    liveness: (own) => ({
      async isAlive(process): Promise<boolean> {
        // `b` has looked. Feishu answers `a` now, and `a` gets no further than to its journal.
        await a.store.journal?.put(name, await pairOf(world, b, "r2"));
        a.kill();
        return await own.isAlive(process);
      },
    }),
  });
  await world.fault({ kind: "hang", times: 1 });
  refresh(world, a, r1).catch(() => {});
  await world.until(async () => (await world.refreshCalls()).length === 1);
  assert.equal((await refresh(world, b, r1)).refreshToken?.reveal(), "r2");
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("the clocks of two processes are never compared: a wall clock far ahead takes nothing over", async () => {
  await using world = await TokenWorld.create();
  const a = await world.start();
  const ahead: Clock = { ...patientClock(world).clock, now: () => world.clock.now() + 10 * MINUTE_MS };
  const b = await world.start({ clock: ahead });
  const r1 = await world.login("v2");
  await world.fault({ kind: "hang", times: 1 });
  const first = refresh(world, a, r1);
  await world.until(async () => (await world.refreshCalls()).length === 1);
  const second = refresh(world, b, r1);
  await b.kv.untilRead(10, second);
  assert.equal((await world.refreshCalls()).length, 1);
  await world.clearFaults();
  assert.equal((await second).refreshToken?.reveal(), (await first).refreshToken?.reveal());
});

Deno.test("a process that was stopped past its lease and goes on neither rotates again nor rolls back", async () => {
  await using world = await TokenWorld.create();
  const a = await world.start();
  const patient = patientClock(world);
  const b = await world.start({ clock: patient.clock });
  const r1 = await world.login("v2");
  await world.fault({ kind: "hang", times: 1 });
  const stopped = refresh(world, a, r1);
  await world.until(async () => (await world.refreshCalls()).length === 1);
  const taker = refresh(world, b, r1);
  await b.kv.untilRead(3, taker); // it has seen the lease
  patient.wait(PAST_LEASE_MS);
  const pair = await taker;
  await world.clearFaults();
  const late = await stopped;
  assert.equal(late.refreshToken?.reveal(), pair.refreshToken?.reveal());
  const accepted = (await world.refreshCalls()).filter(({ outcome }) => outcome === "accepted");
  assert.equal(accepted.length, 1);
  assert.equal((await refresh(world, a, r1)).refreshToken?.reveal(), pair.refreshToken?.reveal());
});

Deno.test("ahead of expiry nobody waits for the process that renews", async () => {
  await using world = await TokenWorld.create();
  const [a, b] = [await world.start(), await world.start()];
  const old = await a.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  await b.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  world.age(96 * MINUTE_MS);
  await world.fault({ kind: "hang", path: "app_access_token", times: 1 });
  await a.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  await world.until(async () => (await world.appCalls()).length === 2);
  const served = await b.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal(served.accessToken.reveal(), old.accessToken.reveal());
  await b.tokens.drain();
  await world.clearFaults();
  await a.tokens.drain();
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("a store that lost a record is healed by a process that remembers it", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const pair = await refresh(world, process, r1);
  await process.tokens.drain();
  await loseRecords(process.kv, "token");
  const healed = await refresh(world, process, r1);
  assert.equal(healed.refreshToken?.reveal(), pair.refreshToken?.reveal());
  const record = await process.store.records.read({
    kind: "caller",
    credentials: world.credentials,
    presented: r1,
  });
  assert.equal(tokenIn(record.token.value)?.token.refreshToken?.reveal(), pair.refreshToken?.reveal());
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("after a store went back, the end of a chain is not presented before a lease's life has passed", async () => {
  await using world = await TokenWorld.create();
  const patient = patientClock(world);
  const process = await world.start({ clock: patient.clock });
  const r1 = await world.login("v2");
  await refresh(world, process, r1);
  await process.tokens.drain();
  await loseRecords(process.kv);
  world.age(2 * 60 * MINUTE_MS);
  const waiting = refresh(world, process, r1);
  await process.kv.untilRead(10, waiting);
  assert.equal((await world.refreshCalls()).length, 1);
  patient.wait(PAST_LEASE_MS);
  await waiting;
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("after a store went back, those too are held off who have not noticed", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const { refreshToken } = await refresh(world, process, r1);
  assert(refreshToken !== undefined);
  await process.tokens.drain();
  await loseRecords(process.kv);
  await refresh(world, process, r1);
  const { credentials } = world;
  const { lease } = await process.store.records.read({
    kind: "caller",
    credentials,
    presented: refreshToken,
  });
  assert.deepEqual([lease.value?.process, lease.value?.unknown], ["nobody", true]);
});

Deno.test("who lost the lease may not mark: the refusal of a late presentation harms nothing", async () => {
  await using world = await TokenWorld.create();
  const [claimed, beforeSending] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const beforeReading = Promise.withResolvers<void>();
  const real = world.feishu();
  const a = await world.start({
    feishu: {
      ...real,
      async refreshUserToken(request): Promise<FeishuAnswer> {
        claimed.resolve();
        await beforeSending.promise;
        return await real.refreshUserToken(request);
      },
    },
  });
  const patient = patientClock(world);
  const b = await world.start({
    clock: patient.clock,
    feishu: {
      ...real,
      async refreshUserToken(request): Promise<FeishuAnswer> {
        const answer = await real.refreshUserToken(request);
        await beforeReading.promise;
        return answer;
      },
    },
  });
  const r1 = await world.login("v2");
  const late = refresh(world, a, r1);
  await claimed.promise;
  const taker = refresh(world, b, r1);
  await b.kv.untilRead(3, taker); // it has seen the lease
  patient.wait(PAST_LEASE_MS);
  await world.until(async () => (await world.refreshCalls()).some(({ outcome }) => outcome === "accepted"));
  beforeSending.resolve();
  await world.until(async () => (await world.refreshCalls()).some(({ outcome }) => outcome === "refused"));
  // After the refusal `a` tries three times to mark the record, with a read each, and then waits for `b`.
  await a.kv.untilRead(8, late);
  beforeReading.resolve();
  const pair = await taker;
  assert.equal((await late).refreshToken?.reveal(), pair.refreshToken?.reveal());
});
