import assert from "node:assert/strict";
import { createFeishuClient } from "../../../src/feishu/feishu_client.ts";
import { createHosts } from "../../../src/feishu/hosts.ts";
import { secondsLeft } from "../../../src/mcp/contract/token_times.ts";
import { OffsetClock } from "../../../src/sandbox/offset_clock.ts";
import { REFUSAL_MEMORY_MS } from "../../../src/tokens/app/app_renewals.ts";
import { failure, REAL_CLOCK, type TokenProcess, TokenWorld } from "../../support/token_world.ts";

const HOUR_MS = 3_600_000;
const DEFAULT_TTL_MS = 300_000;
/** Between two readings of one clock in a test. */
const TOLERANCE_MS = 30_000;

interface MisledProcess extends TokenProcess {
  /** Its wall clock: set apart from Feishu's at will. */
  readonly clock: OffsetClock;
  /** Lets time pass for it, by both of its clocks. */
  pass(ms: number): void;
}

/** A process whose wall clock can be set wrong, while Feishu's is right. */
async function misled(world: TokenWorld): Promise<MisledProcess> {
  let passedMs = 0;
  const clock = new OffsetClock({
    now: () => REAL_CLOCK.now() + passedMs,
    monotonic: () => REAL_CLOCK.monotonic() + passedMs,
    sleep: (ms, signal) => REAL_CLOCK.sleep(ms, signal),
  });
  const feishu = createFeishuClient({
    fetch: (url, init) => fetch(url, init),
    clock,
    hosts: createHosts({ baseUrl: world.sandbox.url }),
    version: "test",
  });
  return { ...await world.start({ clock, feishu }), clock, pass: (ms) => void (passedMs += ms) };
}

Deno.test("appToken() gets a new token at once when the machine has slept through the old one's life", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const first = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  // The wall clock goes on for both sides; the monotonic one has stood still.
  world.age(9 * HOUR_MS);
  const second = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.notEqual(second.accessToken.reveal(), first.accessToken.reveal());
  assert.equal(second.warning, undefined);
});

Deno.test("appToken() serves the token that Feishu still has when only this machine's clock jumps forward", async () => {
  await using world = await TokenWorld.create();
  const { tokens, clock } = await misled(world);
  const first = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  clock.advance(5 * HOUR_MS);
  const second = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.equal(second.accessToken.reveal(), first.accessToken.reveal());
  assert(second.expiresAtMs - clock.now() > DEFAULT_TTL_MS);
  assert.equal((await world.appCalls()).length, 2);
});

Deno.test("appToken() does not serve a dead token when the clock was set back by less than it lives", async () => {
  await using world = await TokenWorld.create();
  const { tokens, clock, pass } = await misled(world);
  const first = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  clock.advance(-HOUR_MS);
  pass(2 * HOUR_MS);
  world.age(2 * HOUR_MS);
  assert(first.expiresAtMs - clock.now() > DEFAULT_TTL_MS);
  const second = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.notEqual(second.accessToken.reveal(), first.accessToken.reveal());
});

Deno.test("appToken() does not believe the store that a token lives longer than Feishu grants", async () => {
  await using world = await TokenWorld.create();
  const before = await misled(world);
  await before.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  before.kill();
  const { tokens, clock } = await misled(world);
  clock.advance(-HOUR_MS);
  const { expiresAtMs } = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert(Math.abs(expiresAtMs - clock.now() - 2 * HOUR_MS) < TOLERANCE_MS);
});

Deno.test("appToken() settles on one more call when the clock jumps forward and is set right again", async () => {
  await using world = await TokenWorld.create();
  const { tokens, clock } = await misled(world);
  const first = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  clock.advance(5 * HOUR_MS);
  await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  clock.advance(-5 * HOUR_MS);
  for (let question = 0; question < 5; question++) {
    const last = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
    assert.equal(last.accessToken.reveal(), first.accessToken.reveal());
    assert(Math.abs(last.expiresAtMs - first.expiresAtMs) < TOLERANCE_MS);
  }
  assert.equal((await world.appCalls()).length, 3);
});

Deno.test("refreshUserToken() spends the successor when the clock was set back by more than the pair lives", async () => {
  await using world = await TokenWorld.create();
  const { tokens, clock } = await misled(world);
  const presented = await world.login("v2");
  const first = await tokens.refreshUserToken(world.credentials, presented, world.call());
  clock.advance(-5 * HOUR_MS);
  const second = await tokens.refreshUserToken(world.credentials, presented, world.call());
  assert.notEqual(second.accessToken.reveal(), first.accessToken.reveal());
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("nobody is told that more is left than Feishu granted when the clock was set back a little", async () => {
  await using world = await TokenWorld.create();
  const { tokens, clock } = await misled(world);
  const presented = await world.login("v2");
  const ask = {
    app: () => tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call()),
    user: () => tokens.refreshUserToken(world.credentials, presented, world.call()),
  };
  const before = [await ask.app(), await ask.user()];
  clock.advance(-20_000);
  for (const [index, again] of [await ask.app(), await ask.user()].entries()) {
    assert.equal(again.accessToken.reveal(), before[index]?.accessToken.reveal());
    assert(again.expiresAtMs - clock.now() > 2 * HOUR_MS);
    assert.equal(secondsLeft(again, clock.now()), 2 * HOUR_MS / 1_000);
  }
});

Deno.test.each([["forward", 5 * HOUR_MS], ["back", -5 * HOUR_MS]])(
  "refreshUserToken() presents a token once when the clock jumps %s during the call",
  async (_direction, jumpMs) => {
    await using world = await TokenWorld.create();
    const [a, b] = [await misled(world), await misled(world)];
    const presented = await world.login("v2");
    await world.fault({ kind: "hang", times: 1 });
    const first = a.tokens.refreshUserToken(world.credentials, presented, world.call());
    await world.until(async () => (await world.refreshCalls()).length === 1);
    a.clock.advance(jumpMs);
    b.clock.advance(jumpMs);
    const second = b.tokens.refreshUserToken(world.credentials, presented, world.call());
    await b.kv.untilRead(10, second);
    assert.equal((await world.refreshCalls()).length, 1);
    await world.clearFaults();
    assert.equal((await second).refreshToken?.reveal(), (await first).refreshToken?.reveal());
    assert.equal((await world.refreshCalls()).length, 1);
  },
);

Deno.test("refreshUserToken() with another app secret waits for its own process's call though the clock jumps forward", async () => {
  await using world = await TokenWorld.create();
  const { tokens, clock, kv } = await misled(world);
  const presented = await world.login("v2");
  await world.fault({ kind: "hang", times: 1 });
  const right = tokens.refreshUserToken(world.credentials, presented, world.call());
  await world.until(async () => (await world.refreshCalls()).length === 1);
  clock.advance(5 * HOUR_MS);
  const wrong = failure(tokens.refreshUserToken(world.wrongCredentials, presented, world.call()));
  await kv.untilRead(5, wrong);
  assert.equal((await world.refreshCalls()).length, 1);
  await world.clearFaults();
  await right;
  assert.equal((await wrong).code, "credentials_refused");
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("appToken() does not stretch a pause when the clock is set back during it", async () => {
  await using world = await TokenWorld.create();
  const { tokens, clock } = await misled(world);
  await world.fault({ kind: "rate_limit", path: "app_access_token", ms: 30_000, times: 1 });
  assert.equal(
    (await failure(tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call()))).code,
    "rate_limited",
  );
  await world.clearFaults();
  clock.advance(-HOUR_MS);
  await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
});

Deno.test("appToken() asks Feishu again about refused credentials when the clock is set back", async () => {
  await using world = await TokenWorld.create();
  const { tokens, clock, pass } = await misled(world);
  await failure(tokens.appToken(world.wrongCredentials, DEFAULT_TTL_MS, world.call()));
  clock.advance(-HOUR_MS);
  pass(REFUSAL_MEMORY_MS);
  await failure(tokens.appToken(world.wrongCredentials, DEFAULT_TTL_MS, world.call()));
  assert.equal((await world.appCalls()).length, 2);
});
