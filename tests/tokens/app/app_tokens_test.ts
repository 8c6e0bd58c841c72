import assert from "node:assert/strict";
import type { TokenError } from "../../../src/errors/token_error.ts";
import { Secret } from "../../../src/secret.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { AppCredentials, FeishuAnswer, FeishuPort } from "../../../src/ports/feishu.ts";
import { failure, TokenWorld } from "../../support/token_world.ts";
import { withoutPauses } from "../../support/skipping_clock.ts";

const MINUTE_MS = 60_000;
const DEFAULT_TTL_MS = 300_000;
const REFUSED: FeishuAnswer = {
  kind: "refused",
  refusal: { verdict: "config", mayHaveConsumed: false, errorCode: "credentials_refused", httpStatus: 200 },
};

Deno.test("appToken() asks Feishu once when 200 callers come at once", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const results = await Promise.all(
    Array.from({ length: 200 }, () => tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call())),
  );
  assert.equal(new Set(results.map(({ accessToken }) => accessToken.reveal())).size, 1);
  assert.equal((await world.appCalls()).length, 1);
});

Deno.test("appToken() serves the same token without a call while 35 minutes remain", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const first = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  world.age(85 * MINUTE_MS);
  const later = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  await tokens.drain();
  assert.equal(later.accessToken.reveal(), first.accessToken.reveal());
  assert.equal((await world.appCalls()).length, 1);
});

Deno.test("appToken() serves at once and renews once in the background when 24 minutes remain", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const first = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  world.age(96 * MINUTE_MS);
  const served = await Promise.all(
    Array.from({ length: 20 }, () => tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call())),
  );
  await tokens.drain();
  const renewed = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert(served.every(({ accessToken }) => accessToken.reveal() === first.accessToken.reveal()));
  assert.notEqual(renewed.accessToken.reveal(), first.accessToken.reveal());
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("appToken() answers before a slow background renewal has ended", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const first = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  world.age(96 * MINUTE_MS);
  await world.fault({ kind: "hang", path: "app_access_token" });
  const served = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal(served.accessToken.reveal(), first.accessToken.reveal());
  await world.clearFaults();
  await tokens.drain();
});

Deno.test("appToken() waits for a new token when 3 minutes remain", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const first = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  world.age(117 * MINUTE_MS);
  const later = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.notEqual(later.accessToken.reveal(), first.accessToken.reveal());
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("appToken() says what is available and when more is possible when Feishu cannot give as much", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  world.age(60 * MINUTE_MS);
  const error = await failure(tokens.appToken(world.credentials, 90 * MINUTE_MS, world.call()));
  const report = error.report();
  assert.equal(report.code, "min_ttl_unreachable");
  assert(
    report.expires_in !== undefined && Math.abs(report.expires_in - 3600) <= 5,
    String(report.expires_in),
  );
  // More is possible once less than 30 minutes remain.
  assert(report.retry_after_seconds !== undefined && Math.abs(report.retry_after_seconds - 1800) <= 5);
  assert.equal((await world.appCalls()).length, 1);
});

Deno.test("appToken() meets a large min_ttl where the kept token has that much left", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  world.age(10 * MINUTE_MS);
  const result = await tokens.appToken(world.credentials, 100 * MINUTE_MS, world.call());
  assert(result.expiresAtMs - world.clock.now() >= 100 * MINUTE_MS);
});

Deno.test("appToken() gives a fresh token for two hours when two hours are asked for", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const result = await tokens.appToken(world.credentials, 120 * MINUTE_MS, world.call());
  assert.equal(result.warning, undefined);
  assert.equal((await world.appCalls()).length, 1);
});

Deno.test("appToken() meets a large min_ttl by a renewal when less than 30 minutes remain", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  world.age(91 * MINUTE_MS);
  const result = await tokens.appToken(world.credentials, 60 * MINUTE_MS, world.call());
  assert(result.expiresAtMs - world.clock.now() >= 60 * MINUTE_MS);
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("appToken() gives the wrong secret Feishu's refusal and never the kept token", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const refused = await failure(tokens.appToken(world.wrongCredentials, DEFAULT_TTL_MS, world.call()));
  assert.equal(refused.code, "credentials_refused");
  assert.equal(refused.detail.feishuCode, 10014);
  const first = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal(
    (await failure(tokens.appToken(world.wrongCredentials, 0, world.call()))).code,
    "credentials_refused",
  );
  const before = (await world.appCalls()).length;
  const again = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal(again.accessToken.reveal(), first.accessToken.reveal());
  assert.equal((await world.appCalls()).length, before);
});

Deno.test("appToken() gives the wrong secret nothing in a process that finds the token in the store", async () => {
  await using world = await TokenWorld.create();
  const first = await world.start();
  await first.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  first.kill();
  const { tokens } = await world.start();
  assert.equal(
    (await failure(tokens.appToken(world.wrongCredentials, 0, world.call()))).code,
    "credentials_refused",
  );
});

/** A Feishu whose app has another secret from the moment on that `reset` is called. */
function resettable(world: TokenWorld): {
  readonly feishu: FeishuPort;
  readonly asked: string[];
  reset(): AppCredentials;
} {
  let valid = world.credentials.appSecret.reveal();
  const asked: string[] = [];
  return {
    asked,
    feishu: {
      ...world.feishu(),
      issueAppToken({ credentials }): Promise<FeishuAnswer> {
        const secret = credentials.appSecret.reveal();
        asked.push(secret);
        if (secret === valid) {
          return world.feishu().issueAppToken({ credentials: world.credentials, timeoutMs: 5_000 });
        }
        return Promise.resolve(REFUSED);
      },
    },
    reset(): AppCredentials {
      valid = "the-secret-after-the-reset";
      return { ...world.credentials, appSecret: new Secret(valid) };
    },
  };
}

Deno.test("appToken() moves on to a reset secret, and asks Feishu about the old one from then on", async () => {
  await using world = await TokenWorld.create();
  const { feishu, asked, reset } = resettable(world);
  const { tokens } = await world.start({ feishu });
  await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  const fresh = reset();
  await tokens.appToken(fresh, DEFAULT_TTL_MS, world.call());
  await tokens.appToken(fresh, DEFAULT_TTL_MS, world.call());
  const old = await failure(tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call()));
  assert.equal(old.code, "credentials_refused");
  const oldSecret = world.credentials.appSecret.reveal();
  assert.deepEqual(asked, [oldSecret, fresh.appSecret.reveal(), oldSecret]);
});

Deno.test("refreshUserToken() gives the old secret no kept pair once another process has moved on to the reset one", async () => {
  await using world = await TokenWorld.create();
  const { feishu, reset } = resettable(world);
  const [a, b] = [await world.start({ feishu }), await world.start({ feishu })];
  const r1 = await world.login("v2");
  await b.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  await b.tokens.refreshUserToken(world.credentials, r1, world.call());
  await a.tokens.appToken(reset(), DEFAULT_TTL_MS, world.call());
  const old = await failure(b.tokens.refreshUserToken(world.credentials, r1, world.call()));
  assert.equal(old.code, "credentials_refused");
});

Deno.test("appToken() remembers the refusals of 1000 apps and no more, whatever callers send", async () => {
  await using world = await TokenWorld.create();
  const asked: string[] = [];
  const feishu: FeishuPort = {
    ...world.feishu(),
    issueAppToken({ credentials }): Promise<FeishuAnswer> {
      asked.push(credentials.appId);
      return Promise.resolve(REFUSED);
    },
  };
  // The memory of a refusal would end by itself on a slow machine.
  const clock: Clock = {
    now: () => world.clock.now(),
    monotonic: () => 0,
    sleep: (ms, signal) => world.clock.sleep(ms, signal),
  };
  const { tokens } = await world.start({ feishu, clock });
  const ask = (appId: string): Promise<TokenError> =>
    failure(tokens.appToken({ ...world.credentials, appId }, DEFAULT_TTL_MS, world.call()));
  await ask("cli_first");
  for (let app = 1; app < 1000; app++) await ask(`cli_${app}`);
  await ask("cli_first");
  assert.equal(asked.length, 1000);
  for (let app = 1000; app < 2000; app++) await ask(`cli_${app}`);
  await ask("cli_first");
  assert.deepEqual([asked.length, asked.at(-1)], [2001, "cli_first"]);
});

Deno.test("appToken() survives a restart without a call", async () => {
  await using world = await TokenWorld.create();
  const first = await world.start();
  const before = await first.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  first.kill();
  const { tokens } = await world.start();
  const after = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal(after.accessToken.reveal(), before.accessToken.reveal());
  assert.equal((await world.appCalls()).length, 1);
});

Deno.test("appToken() takes over at once from a process that was killed in the middle of a renewal", async () => {
  await using world = await TokenWorld.create();
  const first = await world.start();
  await world.fault({ kind: "hang", path: "app_access_token", times: 1 });
  first.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call()).catch(() => {});
  await world.until(async () => (await world.appCalls()).length === 1);
  first.kill();
  const { tokens } = await world.start();
  await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal((await world.appCalls()).length, 2);
  await world.clearFaults();
  await first.tokens.drain();
});

Deno.test("appToken() serves what is left, with the reason, when Feishu is down and min_ttl cannot be met", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start({ clock: withoutPauses(world) });
  const first = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  world.age(116 * MINUTE_MS);
  await world.fault({ kind: "http", status: 503, path: "app_access_token" });
  const served = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal(served.accessToken.reveal(), first.accessToken.reveal());
  assert.equal(served.warning?.code, "feishu_unavailable");
});

Deno.test("appToken() says when to come back when Feishu is down and nothing is left", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start({ clock: withoutPauses(world) });
  await world.fault({ kind: "http", status: 503, path: "app_access_token" });
  const error = await failure(tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call()));
  assert.equal(error.code, "feishu_unavailable");
  assert((error.report().retry_after_seconds ?? 0) >= 1);
});

Deno.test("appToken() does not ask again during the cool-down that Feishu's rate limit asked for", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  await world.fault({ kind: "rate_limit", ms: 30_000, times: 1 });
  const error = await failure(tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call()));
  assert.equal(error.code, "rate_limited");
  assert.equal(error.detail.feishuCode, 99991400);
  assert.equal(error.report().retry_after_seconds, 30);
  assert.equal(
    (await failure(tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call()))).code,
    "rate_limited",
  );
  assert.equal((await world.appCalls()).length, 1);
  world.age(31_000);
  await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test.each([
  { kind: "garbage" },
  { kind: "http", status: 502 },
  { kind: "refuse", code: 2200 },
  { kind: "drop_before" },
  { kind: "drop_after" },
])("appToken() tries again within the call when Feishu's answer is %j", async (fault) => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start({ clock: withoutPauses(world) });
  await world.fault({ ...fault, times: 1 });
  const { warning } = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal(warning, undefined);
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("appToken() keeps a token that can still be read in an answer cut short", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  await world.fault({ kind: "truncate", times: 1 });
  const cut = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  const again = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal(again.accessToken.reveal(), cut.accessToken.reveal());
  assert.equal((await world.appCalls()).length, 1);
});

Deno.test("appToken() renews without the store while that is away, and serves from memory", async () => {
  await using world = await TokenWorld.create();
  const { tokens, kv } = await world.start();
  kv.onRead = () => "throw";
  kv.onCommit = () => "throw";
  const first = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  const again = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal(again.accessToken.reveal(), first.accessToken.reveal());
  assert.equal((await world.appCalls()).length, 1);
});

Deno.test("appToken() ends the wait of a caller that hangs up, and keeps what it asked for", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  await world.fault({ kind: "hang", path: "app_access_token", times: 1 });
  const caller = new AbortController();
  const waiting = tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call(caller.signal));
  await world.until(async () => (await world.appCalls()).length === 1);
  caller.abort(new Error("gone"));
  await assert.rejects(waiting, /gone/);
  await world.clearFaults();
  await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal((await world.appCalls()).length, 1);
});
