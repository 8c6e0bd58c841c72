import assert from "node:assert/strict";
import type { AppTokenResult, ReplacementToken } from "../../src/ports/tokens.ts";
import { FOREIGN_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { Secret } from "../../src/secret.ts";
import type { CommitFate } from "../support/interceptable_kv.ts";
import { failure, type TokenProcess, TokenWorld } from "../support/token_world.ts";

const DEFAULT_TTL_MS = 300_000;
const MINUTE_MS = 60_000;
const INVALID_TENANT_TOKEN = 99991663;

function appToken(world: TokenWorld, { tokens }: TokenProcess): Promise<AppTokenResult> {
  return tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
}

function report(
  world: TokenWorld,
  { tokens }: TokenProcess,
  accessToken: Secret,
  feishuCode?: number,
): Promise<ReplacementToken> {
  const rejected = { accessToken, ...(feishuCode === undefined ? {} : { feishuCode }) };
  return tokens.replaceRejected(world.credentials, rejected, world.call());
}

/** Four processes, and the app token that each of them has in memory. */
async function fourProcesses(world: TokenWorld): Promise<{ processes: TokenProcess[]; token: Secret }> {
  const processes = [await world.start(), await world.start(), await world.start(), await world.start()];
  const [first] = await Promise.all(processes.map((process) => appToken(world, process)));
  assert(first !== undefined);
  return { processes, token: first.accessToken };
}

/** Has every process report `accessToken` 25 times at once. */
async function reportAtOnce(
  world: TokenWorld,
  processes: readonly TokenProcess[],
  accessToken: Secret,
): Promise<ReplacementToken[]> {
  const reports = processes.flatMap((process) =>
    Array.from({ length: 25 }, () => report(world, process, accessToken, INVALID_TENANT_TOKEN))
  );
  return await Promise.all(reports);
}

Deno.test("replaceRejected() brings an app token that works when Feishu has revoked the current one", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken: first } = await appToken(world, process);
  await world.revokeAccess(first);
  assert.equal(await world.apiCode("app", first), INVALID_TENANT_TOKEN);
  const second = await report(world, process, first, INVALID_TENANT_TOKEN);
  assert.equal(await world.apiCode("app", second.accessToken), 0);
  assert.deepEqual([second.kind, second.isRenewed, second.isSame], ["app", true, false]);
  assert.equal(second.warning, undefined);
  assert.equal((await appToken(world, process)).accessToken.reveal(), second.accessToken.reveal());
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("replaceRejected() asks Feishu once when 4 processes report the same app token 100 times at once", async () => {
  await using world = await TokenWorld.create();
  const { processes, token } = await fourProcesses(world);
  await world.revokeAccess(token);
  const replaced = await reportAtOnce(world, processes, token);
  assert.equal(new Set(replaced.map(({ accessToken }) => accessToken.reveal())).size, 1);
  assert(replaced.every(({ isSame }) => !isSame));
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("replaceRejected() asks Feishu once when it hands the very same app token to 4 processes at once", async () => {
  await using world = await TokenWorld.create();
  const { processes, token } = await fourProcesses(world);
  const replaced = await reportAtOnce(world, processes, token);
  assert(replaced.every(({ accessToken }) => accessToken.reveal() === token.reveal()));
  assert(replaced.every(({ isSame, warning }) => isSame && warning?.code === "same_token_returned"));
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("replaceRejected() does not ask again for a minute about a token that Feishu has handed out again", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken } = await appToken(world, process);
  await report(world, process, accessToken);
  world.age(MINUTE_MS - 1_000);
  // Another process knows it too, though it was not there.
  const again = await report(world, await world.start(), accessToken);
  assert.deepEqual([again.isRenewed, again.isSame, again.warning?.code], [
    false,
    true,
    "same_token_returned",
  ]);
  assert.equal((await world.appCalls()).length, 2);
  world.age(2_000);
  assert.deepEqual((await report(world, process, accessToken)).isRenewed, true);
  assert.equal((await world.appCalls()).length, 3);
});

Deno.test("replaceRejected() asks at once about a token that Feishu gave a moment ago", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken: first } = await appToken(world, process);
  await world.revokeAccess(first);
  const { accessToken: second } = await report(world, process, first);
  await world.revokeAccess(second);
  const third = await report(world, process, second);
  assert.equal(await world.apiCode("app", third.accessToken), 0);
});

Deno.test("replaceRejected() answers a late report with the current token and calls nobody", async () => {
  await using world = await TokenWorld.create();
  const [one, other] = [await world.start(), await world.start()];
  const { accessToken: first } = await appToken(world, one);
  await appToken(world, other);
  await world.revokeAccess(first);
  const { accessToken: second } = await report(world, one, first);
  // The other process still has the first in memory.
  const late = await report(world, other, first, INVALID_TENANT_TOKEN);
  assert.equal(late.accessToken.reveal(), second.reveal());
  assert.deepEqual([late.isRenewed, late.isSame, late.warning], [false, false, undefined]);
  assert.equal((await appToken(world, other)).accessToken.reveal(), second.reveal());
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("replaceRejected() knows a token that another process was given", async () => {
  await using world = await TokenWorld.create();
  const [one, other] = [await world.start(), await world.start()];
  const { accessToken: first } = await appToken(world, one);
  await appToken(world, other);
  await world.revokeAccess(first);
  const { accessToken: second } = await report(world, one, first);
  await world.revokeAccess(second);
  // The other process still has the first in memory.
  const third = await report(world, other, second);
  assert.equal(await world.apiCode("app", third.accessToken), 0);
});

Deno.test("replaceRejected() knows the tokens before the current one after a restart, and when one came back", async () => {
  await using world = await TokenWorld.create();
  const before = await world.start();
  const { accessToken: first } = await appToken(world, before);
  await world.revokeAccess(first);
  const { accessToken: second } = await report(world, before, first);
  await world.revokeAccess(second);
  const { accessToken: third } = await report(world, before, second);
  // Handed out again and again: generations with the same token.
  for (let times = 0; times < 9; times++) {
    assert.equal((await report(world, before, third)).isSame, true);
    world.age(MINUTE_MS);
  }
  before.kill();
  const after = await world.start();
  for (const earlier of [first, second]) {
    assert.equal((await report(world, after, earlier)).accessToken.reveal(), third.reveal());
  }
  assert.equal((await world.appCalls()).length, 12);
});

Deno.test("replaceRejected() knows the eight tokens before the current one, and no more", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const tokens = [(await appToken(world, process)).accessToken];
  for (let newest = tokens[0]; newest !== undefined && tokens.length < 10;) {
    await world.revokeAccess(newest);
    newest = (await report(world, process, newest)).accessToken;
    tokens.push(newest);
  }
  const [first, second] = tokens;
  assert(first !== undefined && second !== undefined);
  assert.equal((await report(world, process, second)).accessToken.reveal(), tokens.at(-1)?.reveal());
  assert.equal((await failure(report(world, process, first))).code, "token_unknown");
});

Deno.test("replaceRejected() renews the current token first when a late report finds it about to end", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken: first } = await appToken(world, process);
  await world.revokeAccess(first);
  const { accessToken: second } = await report(world, process, first);
  world.age(117 * MINUTE_MS);
  const late = await report(world, process, first);
  assert.notEqual(late.accessToken.reveal(), second.reveal());
  assert.equal(late.isRenewed, true);
  assert(late.expiresAtMs - world.clock.now() > 60 * MINUTE_MS);
});

Deno.test("replaceRejected() brings another token when the one reported has expired", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken: first } = await appToken(world, process);
  world.age(121 * MINUTE_MS);
  const second = await report(world, process, first, INVALID_TENANT_TOKEN);
  assert.equal(await world.apiCode("app", second.accessToken), 0);
});

Deno.test("replaceRejected() refuses every token that is not the app's own with the same words", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await appToken(world, process);
  const foreign = {
    ...world.credentials,
    appId: FOREIGN_SANDBOX_APP.appId,
    appSecret: new Secret(FOREIGN_SANDBOX_APP.appSecret),
  };
  const ofOtherApp = await process.tokens.appToken(foreign, DEFAULT_TTL_MS, world.call());
  const pair = await process.tokens.refreshUserToken(
    world.credentials,
    await world.login("v2"),
    world.call(),
  );
  const calls = (await world.calls()).length;
  const reports = [
    ofOtherApp.accessToken,
    pair.accessToken,
    new Secret("t-g1044NeverIssuedByAnybody"),
    new Secret("garbage"),
  ].map(async (token) => (await failure(report(world, process, token))).report());
  const [first, ...others] = await Promise.all(reports);
  assert.equal(first?.code, "token_unknown");
  for (const other of others) assert.deepEqual(other, first);
  assert.equal((await world.calls()).length, calls);
});

Deno.test("replaceRejected() tells the wrong app secret nothing of any token", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken: first } = await appToken(world, process);
  await world.revokeAccess(first);
  const { accessToken: current } = await report(world, process, first);
  const pair = await process.tokens.refreshUserToken(
    world.credentials,
    await world.login("v2"),
    world.call(),
  );
  const presented = (await world.refreshCalls()).length;
  const reports = [
    { accessToken: current },
    { accessToken: first },
    { accessToken: new Secret("t-g1044NeverIssuedByAnybody") },
  ].map(async (rejected) =>
    (await failure(process.tokens.replaceRejected(world.wrongCredentials, rejected, world.call()))).report()
  );
  const [one, ...others] = (await Promise.all(reports)).map(({ feishu_log_id: _, ...rest }) => rest);
  assert.equal(one?.code, "credentials_refused");
  for (const other of others) assert.deepEqual(other, one);
  assert((await appToken(world, process)).accessToken.reveal() === current.reveal());
  assert(pair.refreshToken !== undefined);
  const rejected = { accessToken: pair.accessToken, refreshToken: pair.refreshToken };
  const wrong = process.tokens.replaceRejected(world.wrongCredentials, rejected, world.call());
  assert.equal((await failure(wrong)).code, "credentials_refused");
  const outcomes = (await world.refreshCalls()).slice(presented).map(({ outcome }) => outcome);
  assert(outcomes.every((outcome) => outcome === "refused"));
});

Deno.test("replaceRejected() asks Feishu about the secret when nothing is kept of the app", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const rejected = { accessToken: new Secret("t-g1044FromBeforeTheStoreWasLost") };
  const wrong = tokens.replaceRejected(world.wrongCredentials, rejected, world.call());
  assert.equal((await failure(wrong)).code, "credentials_refused");
  const right = tokens.replaceRejected(world.credentials, rejected, world.call());
  assert.equal((await failure(right)).code, "token_unknown");
});

Deno.test.each([
  [99991672, /lacks a scope.*https:\/\/open\.feishu\.cn\/app/],
  [99991679, /has not granted a scope.*authorize the app again/],
  [99991400, /frequency limit.*x-ogw-ratelimit-reset/],
  [99991401, /IP address.*allow-list/],
  [1770032, /document.*share it/],
  [131006, /wiki/],
  [91403, /base.*app to it/],
  [230002, /not in the chat.*Add the app's bot/],
  [1254302, /base.*role/],
  [
    1999999,
    /1999999 is none of the codes by which Feishu refuses a token.*report it without feishu_code: that renews it, at most once a minute/,
  ],
])(
  "replaceRejected() says what helps, and calls nobody, when Feishu's code is %i",
  async (code, expected) => {
    await using world = await TokenWorld.create();
    const process = await world.start();
    const { accessToken } = await appToken(world, process);
    const calls = (await world.calls()).length;
    for (const token of [accessToken, new Secret("garbage")]) {
      const error = await failure(report(world, process, token, code));
      assert.deepEqual([error.code, error.report().feishu_code], ["token_not_at_fault", code]);
      assert.match(error.sentence(), expected);
    }
    assert.equal((await world.calls()).length, calls);
  },
);

Deno.test.each([[undefined], [INVALID_TENANT_TOKEN], [99991664], [99991671], [20013], [20014], [20005]])(
  "replaceRejected() asks Feishu for another token when its code is %s",
  async (code) => {
    await using world = await TokenWorld.create();
    const process = await world.start();
    const { accessToken } = await appToken(world, process);
    assert.equal((await report(world, process, accessToken, code)).isRenewed, true);
    assert.equal((await world.appCalls()).length, 2);
  },
);

Deno.test("replaceRejected() says why when Feishu gives no other token, and what is kept stays kept", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken } = await appToken(world, process);
  await world.fault({ kind: "refuse", code: 99991673, path: "app_access_token" });
  const error = await failure(report(world, process, accessToken));
  assert.deepEqual([error.code, error.report().feishu_code], ["app_not_permitted", 99991673]);
  assert.equal((await appToken(world, process)).accessToken.reveal(), accessToken.reveal());
});

Deno.test("replaceRejected() gets another app token while the store is away", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken: first } = await appToken(world, process);
  await world.revokeAccess(first);
  process.kv.onRead = () => "throw";
  const second = await report(world, process, first);
  assert.equal(await world.apiCode("app", second.accessToken), 0);
  const late = await report(world, process, first);
  assert.equal(late.accessToken.reveal(), second.accessToken.reveal());
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("replaceRejected() gets another tenant token while the store is away, the app's never having been asked for", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken: first } = await process.tokens.tenantToken(
    world.credentials,
    DEFAULT_TTL_MS,
    world.call(),
  );
  await world.revokeAccess(first);
  process.kv.onRead = () => "throw";
  const second = await report(world, process, first, INVALID_TENANT_TOKEN);
  assert.deepEqual([second.kind, second.isSame], ["tenant", false]);
});

Deno.test("replaceRejected() waits for another process's renewal where its own, ahead of expiry, gives up", async () => {
  await using world = await TokenWorld.create();
  const [one, other] = [await world.start(), await world.start()];
  const { accessToken: first } = await appToken(world, one);
  await appToken(world, other);
  world.age(96 * MINUTE_MS);
  const claiming = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  other.kv.onCommit = async (): Promise<CommitFate> => {
    claiming.resolve();
    await goOn.promise;
    return "pass";
  };
  await appToken(world, other); // starts a renewal in the background, whose claim is held up
  await claiming.promise;
  // A report reads the tenant's record, the app's, and that again before it joins.
  const looked = other.kv.untilRead(3);
  const waiting = report(world, other, first);
  await world.fault({ kind: "hang", path: "app_access_token", times: 1 });
  await appToken(world, one); // its renewal has the lease
  await world.until(async () => (await world.appCalls()).length === 2);
  await looked; // the report has joined the renewal of its own process
  goOn.resolve();
  // That renewal reads at most four times: it finds the lease held, and gives up. The report polls until the lease is over.
  await other.kv.untilRead(10, waiting);
  await world.clearFaults();
  assert.notEqual((await waiting).accessToken.reveal(), first.reveal());
  await Promise.all([one.tokens.drain(), other.tokens.drain()]);
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("replaceRejected() spends no refresh token for eight codes in a row that acquit the user's token", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const { accessToken, refreshToken } = await world.loginPair("v2");
  for (const code of [1770032, 131006, 91403, 230002, 1254302, 1254045, 230013, 1_999_999]) {
    const rejected = { accessToken, refreshToken, feishuCode: code };
    const error = await failure(tokens.replaceRejected(world.credentials, rejected, world.call()));
    assert.equal(error.code, "token_not_at_fault");
  }
  assert.deepEqual(await world.calls(), []);
});
