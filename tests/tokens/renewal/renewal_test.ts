import assert from "node:assert/strict";
import type { Clock } from "../../../src/ports/clock.ts";
import type { FeishuAnswer, FeishuPort, RefreshEndpoint, Verdict } from "../../../src/ports/feishu.ts";
import { Secret } from "../../../src/secret.ts";
import { failure, REAL_CLOCK, TokenWorld } from "../../support/token_world.ts";

/** Longer than any pause between two looks, shorter than any deadline. */
const LONGEST_PAUSE_MS = 300;
/** Shorter ones are those of a database that is locked. */
const SHORTEST_PAUSE_MS = 10;
/** Of the pauses, by chance. */
const JITTER = 1.25;

/** The world's clock, by whose monotonic time only the engine's pauses pass, and those at once. */
function hastyClock(world: TokenWorld): { readonly clock: Clock; readonly pauses: number[] } {
  const pauses: number[] = [];
  let passedMs = 0;
  const clock: Clock = {
    now: () => world.clock.now(),
    monotonic: () => passedMs,
    sleep(ms, signal): Promise<void> {
      if (ms < SHORTEST_PAUSE_MS || ms > LONGEST_PAUSE_MS) return REAL_CLOCK.sleep(ms, signal);
      pauses.push(ms);
      passedMs += ms;
      return REAL_CLOCK.sleep(1, signal);
    },
  };
  return { clock, pauses };
}

Deno.test("run() looks for another process's renewal soon at first, and ever less often", async () => {
  await using world = await TokenWorld.create();
  const { clock, pauses } = hastyClock(world);
  const [owner, waiter] = [await world.start(), await world.start({ clock })];
  const r1 = await world.login("v2");
  await world.fault({ kind: "hang" });
  const first = owner.tokens.refreshUserToken(world.credentials, r1, world.call());
  await world.until(async () => (await world.refreshCalls()).length === 1);
  const second = waiter.tokens.refreshUserToken(world.credentials, r1, world.call());
  await world.until(() => pauses.length >= 100);
  const looks = pauses.slice();
  await world.clearFaults();
  assert.equal((await second).accessToken.reveal(), (await first).accessToken.reveal());
  let waitedMs = 0;
  for (const pauseMs of looks) {
    const dueMs = Math.max(10, Math.min(waitedMs / 20, 200));
    assert(pauseMs >= dueMs && pauseMs <= dueMs * JITTER, `${pauseMs} ms after ${waitedMs} ms`);
    waitedMs += pauseMs;
  }
  assert(waitedMs > 4_000, "the longest pause was not reached");
});

/** A Feishu that never gives a user token: it refuses the app token, then the endpoint, then answers that it is busy. */
function refusing(world: TokenWorld): { readonly feishu: FeishuPort; readonly presented: RefreshEndpoint[] } {
  const presented: RefreshEndpoint[] = [];
  const verdicts: readonly Verdict[] = ["app_token", "wrong_endpoint"];
  let appTokens = 0;
  const feishu: FeishuPort = {
    ...world.feishu(),
    issueAppToken(): Promise<FeishuAnswer> {
      const lifetimeMs = 7_200_000;
      const accessToken = new Secret(`t-${++appTokens}`);
      const expiresAtMs = world.clock.now() + lifetimeMs;
      return Promise.resolve({ kind: "issued", token: { accessToken, expiresAtMs, lifetimeMs } });
    },
    refreshUserToken({ endpoint }): Promise<FeishuAnswer> {
      const verdict = verdicts[presented.length] ?? "transient";
      presented.push(endpoint);
      const errorCode = "feishu_unavailable";
      return Promise.resolve({
        kind: "refused",
        refusal: { verdict, mayHaveConsumed: false, errorCode, httpStatus: 503 },
      });
    },
  };
  return { feishu, presented };
}

/** The world's clock, by which the cool-downs that a flight waits for pass at once. */
function withoutCoolDowns(world: TokenWorld): Clock {
  return {
    now: () => world.clock.now(),
    monotonic: () => world.clock.monotonic(),
    sleep(ms, signal): Promise<void> {
      if (ms < 900 || ms > 2_600) return world.clock.sleep(ms, signal);
      world.age(ms);
      return Promise.resolve();
    },
  };
}

Deno.test("run() presents a token 4 times at most for one question, although Feishu is busy for ever", async () => {
  await using world = await TokenWorld.create();
  const { feishu, presented } = refusing(world);
  const { tokens } = await world.start({ feishu, clock: withoutCoolDowns(world) });
  const asked = tokens.refreshUserToken(world.credentials, new Secret("ur-1"), world.call());
  const error = await failure(asked);
  assert.equal(error.code, "feishu_unavailable");
  // Another app token, the other endpoint, and after a cool-down of a second once more.
  assert.deepEqual(presented, ["oidc", "oidc", "v1", "v1"]);
});
