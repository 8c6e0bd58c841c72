import assert from "node:assert/strict";
import type { UserTokenResult } from "../../../src/ports/tokens.ts";
import { Secret } from "../../../src/secret.ts";
import { loseRecords } from "../../support/lose_records.ts";
import { failure, type StartOptions, type TokenProcess, TokenWorld } from "../../support/token_world.ts";

const K1 = `k1:${new Uint8Array(32).fill(1).toBase64()}`;
const K2 = `k2:${new Uint8Array(32).fill(2).toBase64()}`;

function keyed(...keys: string[]): StartOptions {
  return { serverKey: new Secret(keys.join(",")) };
}

function refresh(world: TokenWorld, { tokens }: TokenProcess, token: Secret): Promise<UserTokenResult> {
  return tokens.refreshUserToken(world.credentials, token, world.call());
}

Deno.test("a process with another FEISHU_TOKEN_KEY does not start, and harms neither the store nor who uses it", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start(keyed(K1));
  const r1 = await world.login("v2");
  const pair = await refresh(world, process, r1);
  await assert.rejects(world.start(keyed(K2)), {
    name: "StartError",
    message: /"k1".*"k2".*FEISHU_TOKEN_KEY/,
  });
  await assert.rejects(world.start(), { name: "StartError", message: /"k1".*FEISHU_TOKEN_KEY/ });
  const again = await refresh(world, process, r1);
  assert.equal(again.refreshToken?.reveal(), pair.refreshToken?.reveal());
  assert.equal(again.warning, undefined);
});

Deno.test("a process that does not have the newest key yet names it, and overwrites nothing", async () => {
  await using world = await TokenWorld.create();
  const old = await world.start(keyed(K1));
  const rotated = await world.start(keyed(K2, K1));
  const r1 = await world.login("v2");
  const pair = await refresh(world, rotated, r1);
  await rotated.tokens.drain();
  const error = await failure(refresh(world, old, r1));
  assert.equal(error.code, "store_unreadable");
  assert.match(error.message, /feishu-token\/token\/caller\/\S+ was sealed with the key "k2"/);
  assert.equal((await refresh(world, rotated, r1)).refreshToken?.reveal(), pair.refreshToken?.reveal());

  // The other way round nothing is in the way: the old key is given still.
  const r2 = await world.login("v2");
  const second = await refresh(world, old, r2);
  assert.equal((await refresh(world, rotated, r2)).refreshToken?.reveal(), second.refreshToken?.reveal());
  assert.equal((await world.refreshCalls()).length, 2);
});

Deno.test("a journal file sealed with a key that is not given is named, kept, and used once the key is there", async () => {
  await using world = await TokenWorld.create();
  const old = await world.start(keyed(K1));
  const rotated = await world.start(keyed(K2, K1));
  const r1 = await world.login("v2");
  old.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
  const pair = await refresh(world, old, r1);
  old.kill();
  // Its lease was sealed with the old key too: here only the journal shall be in the way.
  await loseRecords(rotated.kv, "lease");
  rotated.kill();

  const without = await world.start(keyed(K2));
  const { path } = world.log.only("journal file not replayed, left in place").fields;
  const error = await failure(refresh(world, without, r1));
  assert.equal(error.code, "store_unreadable");
  assert(error.message.includes(`journal file ${path}`), error.message);
  assert.equal((await world.refreshCalls()).length, 1);
  without.kill();

  const complete = await world.start(keyed(K2, K1));
  assert.equal((await refresh(world, complete, r1)).refreshToken?.reveal(), pair.refreshToken?.reveal());
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("a store without a key is given one, and everything in it is found under its former name", async () => {
  await using world = await TokenWorld.create();
  const place = { kind: "platform" } as const;
  const before = await world.start({ place });
  const r1 = await world.login("v2");
  const pair = await refresh(world, before, r1);
  const app = await before.tokens.appToken(world.credentials, 0, world.call());
  await before.tokens.drain();
  before.kill();
  const calls = (await world.refreshCalls()).length;
  const keyedNow = [await world.start({ place, ...keyed(K1) }), await world.start({ place, ...keyed(K1) })];
  for (const process of keyedNow) {
    const again = await refresh(world, process, r1);
    assert.equal(again.refreshToken?.reveal(), pair.refreshToken?.reveal());
    assert.equal(again.replayed, true);
    const { accessToken } = await process.tokens.appToken(world.credentials, 0, world.call());
    assert.equal(accessToken.reveal(), app.accessToken.reveal());
  }
  assert.equal((await world.refreshCalls()).length, calls);
  // The newest pair is renewed under its new name, and the chain from the first token leads there.
  world.age(7_000_000);
  const renewed = await refresh(world, keyedNow[1] as TokenProcess, pair.refreshToken as Secret);
  assert.equal(
    (await refresh(world, keyedNow[0] as TokenProcess, r1)).refreshToken?.reveal(),
    renewed.refreshToken?.reveal(),
  );
  assert.equal((await world.refreshCalls()).length, calls + 1);
  await assert.rejects(world.start({ place }), { name: "StartError", message: /"k1"/ });
});

Deno.test("an unknown outcome is still unknown after a store was given a key", async () => {
  await using world = await TokenWorld.create();
  const place = { kind: "platform" } as const;
  const before = await world.start({ place });
  const lost = await world.login("v2");
  await world.fault({ kind: "garbage", path: "oauth/token", times: 1 });
  await failure(refresh(world, before, lost));
  await before.tokens.drain();
  before.kill();
  await world.clearFaults();
  world.age(61_000);
  const after = await world.start({ place, ...keyed(K1) });
  assert.equal((await failure(refresh(world, after, lost))).code, "rotation_outcome_unknown");
});
