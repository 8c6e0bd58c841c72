import assert from "node:assert/strict";
import { loseRecords } from "../../support/lose_records.ts";
import { failure, type TokenProcess, TokenWorld } from "../../support/token_world.ts";

const DEFAULT_TTL_MS = 300_000;
const MINUTE_MS = 60_000;

/** Makes the store of `process` fail at every read and write. */
function takeAway(process: TokenProcess): void {
  process.kv.onRead = () => "throw";
  process.kv.onCommit = () => "throw";
}

Deno.test("a store that takes no writes is said to be away at once, and no refresh token is presented", async () => {
  await using world = await TokenWorld.create();
  const { tokens, kv } = await world.start();
  const r1 = await world.login("v2");
  let tries = 0;
  kv.onCommit = () => {
    tries++;
    return "throw";
  };
  const error = await failure(tokens.refreshUserToken(world.credentials, r1, world.call()));
  assert.deepEqual([error.code, error.detail.detail?.en], ["store_unavailable", "it takes no writes"]);
  assert.equal(tries, 1);
  assert.equal((await world.refreshCalls()).length, 0);
  // Nothing is spent by an app token.
  const { accessToken } = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  assert.match(accessToken.reveal(), /^t-/);
});

Deno.test("a store that went back and takes no writes is said to be away, before any token is presented", async () => {
  await using world = await TokenWorld.create();
  const { tokens, kv } = await world.start();
  const r1 = await world.login("v2");
  await tokens.refreshUserToken(world.credentials, r1, world.call());
  await tokens.drain();
  await loseRecords(kv);
  world.age(120 * MINUTE_MS);
  kv.onCommit = ({ slots }) => slots.includes("lease") ? "throw" : "pass";
  const error = await failure(tokens.refreshUserToken(world.credentials, r1, world.call()));
  assert.equal(error.code, "store_unavailable");
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("refreshUserToken() serves the newest pair it remembers while the store is away, and says so", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { tokens } = process;
  const r1 = await world.login("v2");
  const second = await tokens.refreshUserToken(world.credentials, r1, world.call());
  assert(second.refreshToken !== undefined);
  const third = await tokens.refreshUserToken(world.credentials, second.refreshToken, world.call());
  await tokens.drain();
  takeAway(process);
  let looks = 0;
  process.kv.onRead = () => {
    looks++;
    return "throw";
  };
  for (const presented of [r1, second.refreshToken]) {
    const served = await tokens.refreshUserToken(world.credentials, presented, world.call());
    assert.equal(served.refreshToken?.reveal(), third.refreshToken?.reveal());
    assert.deepEqual([served.replayed, served.warning?.code], [true, "store_unavailable"]);
  }
  // Each may take as long as a caller's patience with the store: one a question.
  assert.equal(looks, 2);
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("refreshUserToken() spends nothing while the store is away, though the pair it remembers has ended", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  await process.tokens.refreshUserToken(world.credentials, r1, world.call());
  takeAway(process);
  world.age(120 * MINUTE_MS);
  const error = await failure(process.tokens.refreshUserToken(world.credentials, r1, world.call()));
  assert.equal(error.code, "store_unavailable");
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("refreshUserToken() gives the wrong app secret nothing that it remembers, the store being away or not", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const r1 = await world.login("v2");
  await process.tokens.refreshUserToken(world.credentials, r1, world.call());
  takeAway(process);
  const error = await failure(process.tokens.refreshUserToken(world.wrongCredentials, r1, world.call()));
  assert.equal(error.code, "credentials_refused");
});

Deno.test("a pair that no journal holds is tried on to be stored until the very end of a shutdown", async () => {
  await using world = await TokenWorld.create();
  const { tokens, kv, stop } = await world.start({ place: { kind: "memory" } });
  const r1 = await world.login("v2");
  kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
  const pair = await tokens.refreshUserToken(world.credentials, r1, world.call());
  assert.equal(pair.warning?.code, "store_unavailable");
  stop();
  kv.onCommit = () => "pass";
  await tokens.drain();
  assert.equal(world.log.only("token stored after all").fields.kind, "caller");
});
