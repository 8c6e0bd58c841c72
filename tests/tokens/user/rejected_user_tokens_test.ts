import assert from "node:assert/strict";
import type { FeishuAnswer, FeishuPort, IssuedToken, RefreshRequest } from "../../../src/ports/feishu.ts";
import type { RejectedToken, ReplacementToken, UserTokenResult } from "../../../src/ports/tokens.ts";
import type { Secret } from "../../../src/secret.ts";
import { countReads } from "../../support/count_reads.ts";
import { failure, type TokenProcess, TokenWorld } from "../../support/token_world.ts";

const MINUTE_MS = 60_000;
const INVALID_USER_TOKEN = 99991668;

/** A user's access token and the refresh token that came with it. */
type Pair = Required<Pick<RejectedToken, "accessToken" | "refreshToken">>;

function report(world: TokenWorld, { tokens }: TokenProcess, pair: Pair): Promise<ReplacementToken> {
  const rejected = { ...pair, feishuCode: INVALID_USER_TOKEN };
  return tokens.replaceRejected(world.credentials, rejected, world.call());
}

async function refresh(
  world: TokenWorld,
  { tokens }: TokenProcess,
  presented: Secret,
): Promise<UserTokenResult & Pair> {
  const result = await tokens.refreshUserToken(world.credentials, presented, world.call());
  const { refreshToken } = result;
  assert(refreshToken !== undefined);
  return { ...result, refreshToken };
}

/** The sandbox, but what it issues for a refresh token goes through `change`. */
function refreshing(
  world: TokenWorld,
  change: (token: IssuedToken, request: RefreshRequest) => IssuedToken,
): FeishuPort {
  const real = world.feishu();
  return {
    ...real,
    async refreshUserToken(request): Promise<FeishuAnswer> {
      const answer = await real.refreshUserToken(request);
      return answer.kind === "issued" ? { ...answer, token: change(answer.token, request) } : answer;
    },
  };
}

Deno.test("replaceRejected() presents the refresh token that came with a user token once, however many report", async () => {
  await using world = await TokenWorld.create();
  const processes = [await world.start(), await world.start()];
  const [one] = processes;
  assert(one !== undefined);
  const r1 = await world.login("v2");
  const pair = await refresh(world, one, r1);
  await world.revokeAccess(pair.accessToken);
  assert.equal(await world.apiCode("user", pair.accessToken), INVALID_USER_TOKEN);
  const replaced = await Promise.all(
    processes.flatMap((process) => Array.from({ length: 25 }, () => report(world, process, pair))),
  );
  assert.equal(new Set(replaced.map(({ accessToken }) => accessToken.reveal())).size, 1);
  assert.equal(new Set(replaced.map(({ refreshToken }) => refreshToken?.reveal())).size, 1);
  const [next] = replaced;
  assert(next !== undefined);
  assert.equal(await world.apiCode("user", next.accessToken), 0);
  assert.deepEqual([next.kind, next.isSame, next.warning, next.tokenType], [
    "user",
    false,
    undefined,
    "Bearer",
  ]);
  assert(next.refreshToken !== undefined && (next.refreshExpiresAtMs ?? 0) > 0 && next.scope !== undefined);
  assert(replaced.some(({ isRenewed }) => isRenewed));
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("replaceRejected() takes a pair that never came through this server", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const elsewhere = await world.loginPair("v2");
  await world.revokeAccess(elsewhere.accessToken);
  const next = await report(world, process, elsewhere);
  assert.equal(await world.apiCode("user", next.accessToken), 0);
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("replaceRejected() answers a late report of a user token with the newest pair and calls nobody", async () => {
  await using world = await TokenWorld.create();
  const [process, other] = [await world.start(), await world.start()];
  const r1 = await world.login("v2");
  const second = await refresh(world, process, r1);
  await world.revokeAccess(second.accessToken);
  const third = await report(world, process, second);
  const late = [
    await report(world, other, second),
    await report(world, other, { ...second, refreshToken: r1 }),
  ];
  for (const { accessToken, isRenewed, isSame } of late) {
    assert.equal(accessToken.reveal(), third.accessToken.reveal());
    assert.deepEqual([isRenewed, isSame], [false, false]);
  }
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("replaceRejected() renews the newest pair, though it looks fresh, when that is what was reported with an older refresh token", async () => {
  await using world = await TokenWorld.create();
  const processes = [await world.start(), await world.start()];
  const [one] = processes;
  assert(one !== undefined);
  const r1 = await world.login("v2");
  const newest = await refresh(world, one, (await refresh(world, one, r1)).refreshToken);
  world.age(MINUTE_MS);
  await world.revokeAccess(newest.accessToken);
  const rejected = { accessToken: newest.accessToken, refreshToken: r1 };
  const replaced = await Promise.all(
    processes.flatMap((process) => Array.from({ length: 25 }, () => report(world, process, rejected))),
  );
  assert.equal(new Set(replaced.map(({ refreshToken }) => refreshToken?.reveal())).size, 1);
  const [next] = replaced;
  assert(next !== undefined);
  assert.equal(await world.apiCode("user", next.accessToken), 0);
  assert.equal((await world.refreshCalls()).length, 3);
});

Deno.test("replaceRejected() says that no other token can be had when the newest pair has no refresh token", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start({
    feishu: refreshing(world, ({ accessToken, expiresAtMs, lifetimeMs }) => ({
      accessToken,
      expiresAtMs,
      lifetimeMs,
    })),
  });
  const r1 = await world.login("v2");
  const { accessToken } = await process.tokens.refreshUserToken(world.credentials, r1, world.call());
  world.age(MINUTE_MS);
  const error = await failure(report(world, process, { accessToken, refreshToken: r1 }));
  assert.equal(error.code, "refresh_token_expired");
  assert.match(error.report().next_step, /offline_access/);
  const older = await report(world, process, await world.loginPair("v2"));
  assert.equal(older.refreshToken, undefined);
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("replaceRejected() says why, and hands out no rejected token, when the renewal fails", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const pair = await refresh(world, process, r1);
  await world.spendElsewhere(pair.refreshToken);
  world.age(MINUTE_MS);
  const rejected = { accessToken: pair.accessToken, refreshToken: r1 };
  assert.equal((await failure(report(world, process, rejected))).code, "refresh_token_spent");
  // The login is kept: a caller that does not report it gets it while it lives.
  const kept = await process.tokens.refreshUserToken(world.credentials, r1, world.call());
  assert.equal(kept.accessToken.reveal(), pair.accessToken.reveal());
});

Deno.test("replaceRejected() says so when Feishu gives the same user token again, and does not ask for a minute", async () => {
  await using world = await TokenWorld.create();
  let issued: Secret | undefined;
  const feishu = refreshing(world, (token) => ({ ...token, accessToken: issued ??= token.accessToken }));
  const process = await world.start({ feishu });
  const r1 = await world.login("v2");
  const first = await refresh(world, process, r1);
  const again = await report(world, process, first);
  assert.deepEqual([again.isRenewed, again.isSame, again.warning?.code], [true, true, "same_token_returned"]);
  assert.notEqual(again.refreshToken?.reveal(), first.refreshToken.reveal());
  world.age(MINUTE_MS - 1_000);
  for (const refreshToken of [first.refreshToken, r1]) {
    const soon = await report(world, await world.start({ feishu }), {
      accessToken: first.accessToken,
      refreshToken,
    });
    assert.deepEqual([soon.isRenewed, soon.isSame, soon.warning?.code], [false, true, "same_token_returned"]);
    assert.equal(soon.refreshToken?.reveal(), again.refreshToken?.reveal());
  }
  assert.equal((await world.refreshCalls()).length, 2);
  world.age(2_000);
  assert.equal((await report(world, process, first)).isRenewed, true);
  assert.equal((await world.refreshCalls()).length, 3);
});

Deno.test.each(["with an older refresh token", "with its own refresh token"])(
  "replaceRejected() asks Feishu once a minute, whatever the newest pair is reported %s and to whom",
  async (how) => {
    await using world = await TokenWorld.create();
    const processes = [await world.start(), await world.start()];
    const r1 = await world.login("v2");
    let newest: Pair = await refresh(world, processes[0]!, r1);
    const callsOf = async (reports: number): Promise<number> => {
      const before = (await world.refreshCalls()).length;
      for (let count = 0; count < reports; count++) {
        const { accessToken, refreshToken } = newest;
        const rejected = { accessToken, refreshToken: how.includes("own") ? refreshToken : r1 };
        const given = await report(world, processes[count % 2]!, rejected);
        assert(given.refreshToken !== undefined);
        if (given.isSame) {
          assert.equal(given.warning?.code, "same_token_returned");
          assert.match(given.warning.sentence(), /less than a minute ago.* again after \d+ seconds/);
          assert.deepEqual([given.isRenewed, given.expiresAtMs > world.clock.now()], [false, true]);
        }
        newest = { accessToken: given.accessToken, refreshToken: given.refreshToken };
      }
      return (await world.refreshCalls()).length - before;
    };
    world.age(MINUTE_MS);
    assert.equal(await callsOf(10), 1);
    world.age(MINUTE_MS - 1_000);
    assert.equal(await callsOf(4), 0);
    world.age(1_000);
    assert.equal(await callsOf(10), 1);
  },
);

Deno.test("replaceRejected() asks Feishu once a minute, though another token is reported with the newest refresh token", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const first = await refresh(world, process, await world.login("v2"));
  world.age(MINUTE_MS);
  const replaced = await report(world, process, first);
  let { refreshToken } = replaced;
  for (let count = 0; count < 10; count++) {
    assert(refreshToken !== undefined);
    const next = await report(world, process, { accessToken: first.accessToken, refreshToken });
    assert.deepEqual([next.isRenewed, next.isSame, next.warning], [false, false, undefined]);
    assert.equal(next.accessToken.reveal(), replaced.accessToken.reveal());
    ({ refreshToken } = next);
  }
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("replaceRejected() shows a pair that was noted for reports to nobody with another secret", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const first = await refresh(world, process, await world.login("v2"));
  world.age(MINUTE_MS);
  const { accessToken, refreshToken } = await report(world, process, first);
  assert(refreshToken !== undefined);
  const rejected = { accessToken, refreshToken };
  const wrong = process.tokens.replaceRejected(world.wrongCredentials, rejected, world.call());
  assert.equal((await failure(wrong)).code, "credentials_refused");
});

Deno.test("replaceRejected() refuses an app token with a refresh token, and spends nothing", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken } = await process.tokens.appToken(world.credentials, 0, world.call());
  const refreshToken = await world.login("v2");
  const error = await failure(report(world, process, { accessToken, refreshToken }));
  assert.equal(error.code, "input_invalid");
  assert.match(error.report().next_step, /Report an app or tenant token alone/);
  assert.equal((await world.refreshCalls()).length, 0);
});

Deno.test("replaceRejected() says what is wrong with a refresh token that Feishu refuses", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const pair = await world.loginPair("v2");
  await world.spendElsewhere(pair.refreshToken);
  assert.equal((await failure(report(world, process, pair))).code, "refresh_token_spent");
});

Deno.test("replaceRejected() gives another token though others ask for the same pair at once and reject nothing", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  const { accessToken } = await refresh(world, process, r1);
  world.age(MINUTE_MS);
  const [first, , reported] = await Promise.all([
    refresh(world, process, r1),
    refresh(world, process, r1),
    report(world, process, { accessToken, refreshToken: r1 }),
  ]);
  assert.equal(first.accessToken.reveal(), accessToken.reveal());
  assert.notEqual(reported.accessToken.reveal(), accessToken.reveal());
});

Deno.test("refreshUserToken() answers nobody with what was looked for before the question", async () => {
  await using world = await TokenWorld.create();
  const [owner, waiter] = [await world.start(), await world.start({ withoutJournal: true })];
  const r1 = await world.login("v2");
  const reads = countReads(waiter);
  let isFound = false;
  let isHeld = false;
  const goOn = Promise.withResolvers<void>();
  waiter.kv.afterRead = async ([token]): Promise<void> => {
    const isThere = (token?.value ?? null) !== null;
    isFound ||= isThere;
    // It has found the pair that it waited for, and that nothing came of that one.
    if (!isFound || isHeld || isThere) return;
    isHeld = true;
    await goOn.promise;
  };
  await world.fault({ kind: "hang", times: 1 });
  const owned = refresh(world, owner, r1);
  await world.until(async () => (await world.refreshCalls()).length === 1);
  const waiting = refresh(world, waiter, r1);
  await world.until(() => reads.count > 1);
  await world.clearFaults();
  const pair = await owned;
  await world.until(() => isHeld);
  const newest = await report(world, owner, pair);
  const later = await settled(world, refresh(world, waiter, r1));
  assert.equal(later.refreshToken.reveal(), newest.refreshToken?.reveal());
  goOn.resolve();
  assert.equal((await waiting).refreshToken.reveal(), pair.refreshToken.reveal());
});

Deno.test("refreshUserToken() answers nobody with what Feishu had issued before the question", async () => {
  await using world = await TokenWorld.create();
  const [slow, other] = [await world.start({ withoutJournal: true }), await world.start()];
  const r1 = await world.login("v2");
  let isStored = false;
  let isHeld = false;
  const goOn = Promise.withResolvers<void>();
  slow.kv.onCommit = ({ slots }) => {
    if (!slots.includes("token")) return "pass";
    isStored = true;
    return "land_and_throw";
  };
  slow.kv.afterRead = async (): Promise<void> => {
    if (!isStored || isHeld) return;
    isHeld = true;
    await goOn.promise;
  };
  const first = refresh(world, slow, r1);
  await world.until(() => isHeld);
  const pair = await refresh(world, other, r1);
  const newest = await report(world, other, pair);
  const later = await settled(world, refresh(world, slow, r1));
  assert.equal(later.refreshToken.reveal(), newest.refreshToken?.reveal());
  goOn.resolve();
  assert.equal((await first).refreshToken.reveal(), pair.refreshToken.reveal());
});

/** What comes of `work`; fails where it never ends. */
async function settled<T>(world: TokenWorld, work: Promise<T>): Promise<T> {
  let isSettled = false;
  const done = (): void => void (isSettled = true);
  work.then(done, done);
  await world.until(() => isSettled);
  return await work;
}
