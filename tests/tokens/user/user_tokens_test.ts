import assert from "node:assert/strict";
import { tokenIn } from "../../../src/ports/record_order.ts";
import { Secret } from "../../../src/secret.ts";
import type { FeishuAnswer, FeishuPort, RefreshEndpoint } from "../../../src/ports/feishu.ts";
import type { UserTokenResult } from "../../../src/ports/tokens.ts";
import { countReads } from "../../support/count_reads.ts";
import { failure, type TokenProcess, TokenWorld } from "../../support/token_world.ts";
import { withoutPauses } from "../../support/skipping_clock.ts";

/** Reads of a renewal that has found the lease held, and waits. */
const POLLS = 5;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function refresh(
  world: TokenWorld,
  { tokens }: TokenProcess,
  token: Secret | undefined,
): Promise<UserTokenResult> {
  assert(token !== undefined);
  return tokens.refreshUserToken(world.credentials, token, world.call());
}

function text(token: Secret | undefined): string {
  assert(token !== undefined);
  return token.reveal();
}

Deno.test.each(["v1", "oidc", "v2", "v3"] as RefreshEndpoint[])(
  "refreshUserToken() refreshes a token of %s and hands out all that Feishu gave",
  async (generation) => {
    await using world = await TokenWorld.create();
    const process = await world.start();
    const r1 = await world.login(generation);
    const pair = await refresh(world, process, r1);
    assert.notEqual(text(pair.refreshToken), r1.reveal());
    assert.equal(pair.tokenType, "Bearer");
    assert.equal(pair.replayed, false);
    assert.equal(pair.warning, undefined);
    assert((pair.refreshExpiresAtMs ?? 0) > world.clock.now() + 6 * DAY_MS);
    const works = await fetch(`${world.sandbox.url}/open-apis/authen/v1/user_info`, {
      headers: { authorization: `Bearer ${pair.accessToken.reveal()}` },
    });
    assert.equal((await works.json()).code, 0);
  },
);

Deno.test("refreshUserToken() returns the newest pair of the chain for every token of it", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const { refreshToken: r2 } = await refresh(world, process, r1);
  const { refreshToken: r3 } = await refresh(world, process, r2);
  const again = await refresh(world, process, r1);
  assert.equal(text(again.refreshToken), text(r3));
  assert.equal(again.replayed, true);
  assert.equal(text((await refresh(world, process, r2)).refreshToken), text(r3));
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("refreshUserToken() asks Feishu once when the same token is presented 50 times at once", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const pairs = await Promise.all(Array.from({ length: 50 }, () => refresh(world, process, r1)));
  assert.equal(new Set(pairs.map(({ refreshToken }) => text(refreshToken))).size, 1);
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("refreshUserToken() reads the store for 50 callers as often as for a few", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const reads = countReads(process);
  // Each stage of the way is read for its first caller, then for those who came meanwhile.
  for (const replayed of [false, true]) {
    reads.count = 0;
    const pairs = await Promise.all(Array.from({ length: 50 }, () => refresh(world, process, r1)));
    assert.equal(pairs[0]?.replayed, replayed);
    assert(reads.count < 25, `${reads.count} reads`);
  }
});

Deno.test("refreshUserToken() shares its looks among the callers that come while the pair is renewed", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  await world.fault({ kind: "hang", times: 1 });
  const first = refresh(world, process, r1);
  await world.until(async () => (await world.refreshCalls()).length === 1);
  const reads = countReads(process);
  const others = Array.from({ length: 100 }, () => refresh(world, process, r1));
  await world.clearFaults();
  const { refreshToken } = await first;
  for (const pair of await Promise.all(others)) assert.equal(text(pair.refreshToken), text(refreshToken));
  // The one that they wait for has the pair from Feishu, and looks no more.
  assert(reads.count < others.length / 2, `${reads.count} looks`);
});

Deno.test("refreshUserToken() presents a token after a single look at the store", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const reads = countReads(process);
  await world.fault({ kind: "hang", times: 1 });
  const pair = refresh(world, process, r1);
  await world.until(async () => (await world.refreshCalls()).length === 1);
  assert.equal(reads.count, 1);
  await world.clearFaults();
  await pair;
});

Deno.test("refreshUserToken() tells callers that ask at once apart by app secret and by token", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const [r1, l1] = [await world.login("v2"), await world.login("v2")];
  const [r2, l2] = [await refresh(world, process, r1), await refresh(world, process, l1)];
  // The second caller begins the read that the others could share.
  const right = [refresh(world, process, r1), refresh(world, process, r1)];
  const wrong = failure(process.tokens.refreshUserToken(world.wrongCredentials, r1, world.call()));
  const other = refresh(world, process, l1);
  for (const pair of await Promise.all(right)) assert.equal(text(pair.refreshToken), text(r2.refreshToken));
  assert.equal((await wrong).code, "credentials_refused");
  assert.equal(text((await other).refreshToken), text(l2.refreshToken));
});

Deno.test("refreshUserToken() does not wait for what others do after their look", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const { refreshToken: r2 } = await refresh(world, process, r1);
  const { refreshToken: r3 } = await refresh(world, process, r2);
  const [shortening, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  process.kv.onCommit = async (): Promise<"pass"> => {
    process.kv.onCommit = () => "pass";
    shortening.resolve();
    await goOn.promise;
    return "pass";
  };
  const first = refresh(world, process, r1);
  await shortening.promise;
  assert.equal(text((await refresh(world, process, r1)).refreshToken), text(r3));
  goOn.resolve();
  assert.equal(text((await first).refreshToken), text(r3));
});

Deno.test("refreshUserToken() keeps the chain for a caller that always presents the first token", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  // The refresh token of each pair lives 7 days; the record of the first must live as long as the newest of them.
  for (let day = 0; day < 12; day++) {
    const pair = await refresh(world, process, r1);
    assert.equal(pair.replayed, false);
    world.age(DAY_MS);
  }
  assert.equal((await world.refreshCalls()).length, 12);
});

Deno.test("refreshUserToken() points the first record straight at the newest pair after a walk", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const { refreshToken: r2 } = await refresh(world, process, r1);
  const { refreshToken: r3 } = await refresh(world, process, r2);
  await refresh(world, process, r1);
  await process.tokens.drain();
  const record = await process.store.records.read({
    kind: "caller",
    credentials: world.credentials,
    presented: r1,
  });
  assert.equal(text(tokenIn(record.token.value)?.token.refreshToken), text(r3));
});

Deno.test("refreshUserToken() renews a kept pair with less than 5 minutes left before handing it out", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const first = await refresh(world, process, r1);
  world.age(2 * HOUR_MS - 200_000);
  const second = await refresh(world, process, r1);
  assert.notEqual(text(second.refreshToken), text(first.refreshToken));
  assert.equal(second.replayed, false);
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("refreshUserToken() tries the other endpoint once, and goes straight there the next time", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const first = await refresh(world, process, await world.login("v1"));
  await refresh(world, process, await world.login("v1"));
  await refresh(world, process, first.refreshToken);
  assert.deepEqual(
    (await world.refreshCalls()).map(({ path, outcome }) => [path.split("/").at(-2), outcome]),
    [
      ["oidc", "refused"],
      ["v1", "accepted"],
      ["v1", "accepted"],
      ["v1", "accepted"],
    ],
  );
});

Deno.test("refreshUserToken() goes on at the endpoint of the chain after a restart", async () => {
  await using world = await TokenWorld.create();
  const before = await world.start();
  const r1 = await world.login("v3");
  const first = await refresh(world, before, r1);
  before.kill();
  world.age(2 * HOUR_MS);
  await refresh(world, await world.start(), r1);
  assert.equal((await world.calls("v3/token")).length, 2);
  assert(first.refreshToken !== undefined);
});

Deno.test("refreshUserToken() with a wrong pinned endpoint loses nothing", async () => {
  await using world = await TokenWorld.create();
  const pinned = await world.start({ refreshEndpoint: "v1" });
  const r1 = await world.login("oidc");
  assert.equal((await failure(refresh(world, pinned, r1))).code, "refresh_token_invalid");
  assert.equal((await world.refreshCalls()).length, 1);
  pinned.kill();
  const pair = await refresh(world, await world.start(), r1);
  assert(pair.refreshToken !== undefined);
});

Deno.test("refreshUserToken() says that a token was spent elsewhere, and asks Feishu about it once", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  await world.spendElsewhere(r1);
  const before = (await world.refreshCalls()).length;
  for (let round = 0; round < 2; round++) {
    const error = await failure(refresh(world, process, r1));
    assert.equal(error.code, "refresh_token_spent");
    assert.equal(error.detail.feishuCode, 20064);
    assert(error.detail.logId !== undefined);
  }
  assert.equal((await world.refreshCalls()).length, before + 1);
});

Deno.test("refreshUserToken() keeps the record when the newest token of a chain was spent elsewhere", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const { refreshToken: r2, accessToken } = await refresh(world, process, r1);
  assert(r2 !== undefined);
  await world.spendElsewhere(r2);
  world.age(2 * HOUR_MS - 200_000);
  const served = await refresh(world, process, r1);
  assert.equal(served.accessToken.reveal(), accessToken.reveal());
  assert.equal(served.warning?.code, "refresh_token_spent");
  world.age(HOUR_MS);
  assert.equal((await failure(refresh(world, process, r1))).code, "refresh_token_spent");
  const record = await process.store.records.read({
    kind: "caller",
    credentials: world.credentials,
    presented: r1,
  });
  assert.equal(text(tokenIn(record.token.value)?.token.refreshToken), text(r2));
});

Deno.test("refreshUserToken() tells an expired token from a spent one", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  world.age(8 * DAY_MS);
  const error = await failure(refresh(world, process, r1));
  assert.deepEqual([error.code, error.detail.feishuCode], ["refresh_token_expired", 20037]);
});

Deno.test("refreshUserToken() tells a token of another app", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2", { app_id: "cli_5a4db0c000000002" });
  const error = await failure(refresh(world, process, r1));
  assert.deepEqual([error.code, error.detail.feishuCode], ["refresh_token_foreign", 20024]);
});

Deno.test("refreshUserToken() tells a revoked token", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  await world.revoke(r1);
  assert.equal((await failure(refresh(world, process, r1))).row.kind, "login");
});

Deno.test.each(["garbage", "ur-garbage", "eyJnYXJiYWdl.e30.x"])(
  "refreshUserToken() calls %s invalid",
  async (garbage) => {
    await using world = await TokenWorld.create();
    const process = await world.start();
    const error = await failure(refresh(world, process, new Secret(garbage)));
    assert.deepEqual([error.code, error.row.kind], ["refresh_token_invalid", "login"]);
  },
);

Deno.test("refreshUserToken() never gives a kept pair to who presents the wrong app secret", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const pair = await refresh(world, process, r1);
  const wrong = process.tokens.refreshUserToken(world.wrongCredentials, r1, world.call());
  assert.equal((await failure(wrong)).code, "credentials_refused");
  const again = await refresh(world, process, r1);
  assert.equal(text(again.refreshToken), text(pair.refreshToken));
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("refreshUserToken() with the wrong app secret does not spend or mark the token", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const wrong = process.tokens.refreshUserToken(world.wrongCredentials, r1, world.call());
  assert.equal((await failure(wrong)).code, "credentials_refused");
  const name = { kind: "caller", credentials: world.credentials, presented: r1 } as const;
  assert.equal((await process.store.records.read(name)).lease.value, null);
  assert((await refresh(world, process, r1)).refreshToken !== undefined);
});

Deno.test("refreshUserToken() hands out a pair without a refresh token, and says so when that has ended", async () => {
  await using world = await TokenWorld.create();
  const inner = world.feishu();
  const process = await world.start({
    feishu: {
      ...inner,
      async refreshUserToken(request): Promise<FeishuAnswer> {
        const answer = await inner.refreshUserToken(request);
        if (answer.kind !== "issued") return answer;
        const { accessToken, expiresAtMs, lifetimeMs } = answer.token;
        return { ...answer, token: { accessToken, expiresAtMs, lifetimeMs } };
      },
    },
  });
  const r1 = await world.login("v2");
  const pair = await refresh(world, process, r1);
  assert.equal(pair.refreshToken, undefined);
  assert.equal(pair.tokenType, "Bearer");
  assert.equal((await refresh(world, process, r1)).accessToken.reveal(), pair.accessToken.reveal());
  world.age(2 * HOUR_MS);
  const error = await failure(refresh(world, process, r1));
  assert.equal(error.code, "refresh_token_expired");
  assert.match(error.report().next_step, /offline_access/);
});

Deno.test("refreshUserToken() gets another app token when Feishu refuses the one it has", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await refresh(world, process, await world.login("oidc"));
  await world.fault({ kind: "refuse", code: 20014, path: "oidc/refresh", times: 1 });
  world.age(91 * 60_000);
  const pair = await refresh(world, process, await world.login("oidc"));
  assert(pair.refreshToken !== undefined);
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("refreshUserToken() gives the wrong app secret nothing when it waited for the right one's renewal", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  await world.fault({ kind: "hang", times: 1 });
  const right = refresh(world, process, r1);
  await world.until(async () => (await world.refreshCalls()).length === 1);
  const wrong = failure(process.tokens.refreshUserToken(world.wrongCredentials, r1, world.call()));
  // The owner of the lease waits for Feishu and reads nothing: these are the reads of the one that waits for it.
  await process.kv.untilRead(POLLS, wrong);
  await world.clearFaults();
  assert((await right).refreshToken !== undefined);
  assert.equal((await wrong).code, "credentials_refused");
});

Deno.test("refreshUserToken() gives an old app secret no pair that was got with a new one while it waited", async () => {
  await using world = await TokenWorld.create();
  const real = world.feishu();
  // As before the secret was reset.
  const before: FeishuPort = {
    ...real,
    refreshUserToken: (request) => real.refreshUserToken({ ...request, credentials: world.credentials }),
  };
  const [owner, waiter, later] = [
    await world.start({ feishu: before }),
    await world.start({ feishu: before, withoutJournal: true }),
    await world.start(),
  ];
  const refreshToken = await world.login("v2");
  const withOld = ({ tokens }: TokenProcess): Promise<UserTokenResult> =>
    tokens.refreshUserToken(world.wrongCredentials, refreshToken, world.call());
  let isFound = false;
  const goOn = Promise.withResolvers<void>();
  waiter.kv.afterRead = async ([token]): Promise<void> => {
    isFound ||= (token?.value ?? null) !== null;
    if (isFound) await goOn.promise;
  };
  await world.fault({ kind: "hang", times: 1 });
  const owned = withOld(owner);
  await world.until(async () => (await world.refreshCalls()).length === 1);
  const reads = countReads(waiter);
  const waiting = failure(withOld(waiter));
  await world.until(() => reads.count > 1);
  await world.clearFaults();
  const { accessToken } = await owned;
  await world.until(() => isFound);
  world.age(61_000);
  const rejected = { accessToken, refreshToken };
  await later.tokens.replaceRejected(world.credentials, rejected, world.call());
  goOn.resolve();
  assert.equal((await waiting).code, "credentials_refused");
  assert.equal((await failure(withOld(owner))).code, "credentials_refused");
});

Deno.test("refreshUserToken() takes over from a killed process, unless its own is about to end", async () => {
  await using world = await TokenWorld.create();
  const r1 = await world.login("v2");
  const first = await world.start();
  await world.fault({ kind: "hang", path: "oauth/token", times: 1 });
  refresh(world, first, r1).catch(() => {});
  await world.until(async () => (await world.refreshCalls()).length === 1);
  first.kill();
  const second = await world.start();
  second.stop();
  assert.equal((await failure(refresh(world, second, r1))).code, "renewal_in_progress");
  assert.equal((await world.refreshCalls()).length, 1);
  await refresh(world, await world.start(), r1);
  assert.equal((await world.refreshCalls()).length, 2);
  await world.clearFaults();
  await first.tokens.drain();
});

Deno.test("refreshUserToken() gives the lease back when no other app token can be had for the refused one", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start({ clock: withoutPauses(world) });
  const r1 = await world.login("oidc");
  await process.tokens.appToken(world.credentials, 300_000, world.call());
  await world.fault({ kind: "refuse", code: 20014, path: "oidc/refresh", times: 1 });
  await world.fault({ kind: "http", status: 503, path: "app_access_token" });
  assert.equal((await failure(refresh(world, process, r1))).code, "feishu_unavailable");
  const name = { kind: "caller", credentials: world.credentials, presented: r1 } as const;
  const { lease } = await process.store.records.read(name);
  assert.equal(lease.value, null);
  await world.clearFaults();
  world.age(60_000); // the pause of the app token
  const pair = await refresh(world, process, r1);
  assert.deepEqual([pair.replayed, pair.warning], [false, undefined]);
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("refreshUserToken() does not take the store for gone back when its own process stored a pair during a read", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { tokens, kv } = process;
  const r1 = await world.login("v2");
  await world.fault({ kind: "hang", times: 1 });
  const isStored = Promise.withResolvers<void>();
  let reads = 0;
  kv.afterRead = async (): Promise<void> => {
    if (++reads === 2) await isStored.promise;
  };
  const first = tokens.refreshUserToken(world.credentials, r1, world.call());
  // Its look begins when the first one has ended, beside the renewal that comes of that.
  const second = tokens.refreshUserToken(world.credentials, r1, world.call());
  await world.until(async () => reads === 2 && (await world.refreshCalls()).length === 1);
  await world.clearFaults();
  const pair = await first;
  isStored.resolve();
  assert.equal((await second).refreshToken?.reveal(), pair.refreshToken?.reveal());
  assert.equal((await world.refreshCalls()).length, 1);
  assert(!world.log.lines.some(({ event }) => event.includes("went back")));
});
