import assert from "node:assert/strict";
import type { Clock } from "../../../src/ports/clock.ts";
import { OffsetClock } from "../../../src/sandbox/offset_clock.ts";
import type { UserTokenResult } from "../../../src/ports/tokens.ts";
import { REAL_CLOCK, type TokenProcess, TokenWorld } from "../../support/token_world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DEFAULT_TTL_MS = 300_000;

Deno.test.each([10 * MINUTE_MS, -10 * MINUTE_MS])(
  "two processes whose clocks are %i ms apart spend each refresh token once, and agree on the newest pair",
  async (skewMs) => {
    await using world = await TokenWorld.create();
    const skewed: Clock = {
      now: () => world.clock.now() + skewMs,
      monotonic: () => world.clock.monotonic(),
      sleep: (ms, signal) => REAL_CLOCK.sleep(ms, signal),
    };
    const [right, wrong] = [
      await world.start(),
      await world.start({ clock: skewed, feishu: world.feishu(skewed) }),
    ];
    const r1 = await world.login("v2");
    const ask = ({ tokens }: TokenProcess): Promise<UserTokenResult> =>
      tokens.refreshUserToken(world.credentials, r1, world.call());
    for (let elapsedMs = 0; elapsedMs < 6 * HOUR_MS; elapsedMs += 20 * MINUTE_MS) {
      await Promise.all([right, wrong].map(ask));
      // A pair that one got may be what the other trusts no longer; then that one renews it, and both trust what comes.
      await ask(right);
      const [a, b] = [await ask(wrong), await ask(right)];
      assert.equal(a.refreshToken?.reveal(), b.refreshToken?.reveal());
      assert.equal(a.warning ?? b.warning, undefined);
      world.age(20 * MINUTE_MS);
    }
    const calls = await world.refreshCalls();
    assert.deepEqual([...new Set(calls.map(({ outcome }) => outcome))], ["accepted"]);
    assert.equal(new Set(calls.map(({ presented }) => presented)).size, calls.length);
    // Four pairs in six hours, of which each may be renewed once more for being trusted by one alone.
    assert(calls.length <= 8, String(calls.length));
  },
);

Deno.test.each([10 * MINUTE_MS, -10 * MINUTE_MS])(
  "two processes whose clocks are %i ms apart share one app token, and each renewal of it is one call",
  async (skewMs) => {
    await using world = await TokenWorld.create();
    const skewed: Clock = { ...REAL_CLOCK, now: () => world.clock.now() + skewMs };
    const processes = [
      await world.start(),
      await world.start({ clock: skewed, feishu: world.feishu(skewed) }),
    ];
    for (let elapsedMs = 0; elapsedMs < 6 * HOUR_MS; elapsedMs += 10 * MINUTE_MS) {
      for (const { tokens } of processes) {
        await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
        await tokens.drain();
      }
      world.age(10 * MINUTE_MS);
    }
    const calls = (await world.appCalls()).length;
    // A token lives for two hours, is renewed in the last half hour, and the two disagree on when that begins.
    assert(calls >= 4 && calls <= 8, String(calls));
  },
);

Deno.test("a laptop that slept between the claim and the call claims anew, and presents once", async () => {
  await using world = await TokenWorld.create();
  // The monotonic clock stands still in a sleep, the wall clock goes on.
  const clock = new OffsetClock(world.clock);
  const { tokens, kv } = await world.start({ clock, feishu: world.feishu(clock) });
  const r1 = await world.login("v2");
  let claims = 0;
  kv.onCommit = ({ slots }) => {
    if (slots.includes("lease") && ++claims === 1) clock.advance(9 * HOUR_MS);
    return "pass";
  };
  await tokens.refreshUserToken(world.credentials, r1, world.call());
  assert.equal(claims, 2);
  assert.deepEqual((await world.refreshCalls()).map(({ outcome }) => outcome), ["accepted"]);
});

Deno.test("a laptop that slept while Feishu was asked keeps the pair, and takes no dead token for a good one", async () => {
  await using world = await TokenWorld.create();
  const clock = new OffsetClock(world.clock);
  const { tokens } = await world.start({ clock, feishu: world.feishu(clock) });
  const r1 = await world.login("v2");
  await world.fault({ kind: "hang", path: "oauth/token", times: 1 });
  const answered = tokens.refreshUserToken(world.credentials, r1, world.call());
  await world.until(async () => (await world.refreshCalls()).length === 1);
  clock.advance(9 * HOUR_MS);
  await world.clearFaults();
  const first = await answered;
  // Counted from when it was asked for: nobody knows when the answer came.
  assert(first.expiresAtMs < clock.now());
  const second = await tokens.refreshUserToken(world.credentials, r1, world.call());
  assert.notEqual(second.accessToken.reveal(), first.accessToken.reveal());
  assert(second.expiresAtMs > clock.now());
  const calls = await world.refreshCalls();
  assert.deepEqual(calls.map(({ outcome }) => outcome), ["accepted", "accepted"]);
});

Deno.test("a laptop that slept while Feishu was asked, and woke without a connection, presents again", async () => {
  await using world = await TokenWorld.create();
  const clock = new OffsetClock(world.clock);
  const { tokens } = await world.start({ clock, feishu: world.feishu(clock) });
  const r1 = await world.login("v2");
  await world.fault({ kind: "drop_before", path: "oauth/token", times: 1 });
  const answered = tokens.refreshUserToken(world.credentials, r1, world.call());
  await world.until(async () => (await world.refreshCalls())[0]?.outcome === "dropped_before");
  // Its own presentation has ended without an answer, and the lease under it in the sleep.
  clock.advance(9 * HOUR_MS);
  assert((await answered).refreshToken !== undefined);
  const calls = await world.refreshCalls();
  assert.deepEqual(calls.map(({ outcome }) => outcome), ["dropped_before", "accepted"]);
});
