import assert from "node:assert/strict";
import type { FeishuAnswer, FeishuPort } from "../../../src/ports/feishu.ts";
import type { UserTokenResult } from "../../../src/ports/tokens.ts";
import { Secret } from "../../../src/secret.ts";
import { type TokenProcess, TokenWorld } from "../../support/token_world.ts";

const DAY_MS = 24 * 60 * 60_000;
const PADDING = "x".repeat(70_000);

/** What the sandbox issues for a refresh token, with an access token that no database takes. */
function large(world: TokenWorld): FeishuPort {
  const real = world.feishu();
  return {
    ...real,
    async refreshUserToken(request): Promise<FeishuAnswer> {
      const answer = await real.refreshUserToken(request);
      if (answer.kind !== "issued") return answer;
      const accessToken = new Secret(answer.token.accessToken.reveal() + PADDING);
      return { ...answer, token: { ...answer.token, accessToken } };
    },
  };
}

function refresh(world: TokenWorld, { tokens }: TokenProcess, presented: Secret): Promise<UserTokenResult> {
  return tokens.refreshUserToken(world.credentials, presented, world.call());
}

Deno.test("a pair that no database takes is kept in the journal, said so, and answered by every process of the machine", async () => {
  await using world = await TokenWorld.create();
  const feishu = large(world);
  const [owner, other] = [await world.start({ feishu }), await world.start({ feishu })];
  const r1 = await world.login("v2");
  const pair = await refresh(world, owner, r1);
  assert.equal(pair.warning?.code, "pair_too_large");
  for (const process of [owner, other, owner]) {
    const again = await refresh(world, process, r1);
    assert.deepEqual(
      [again.accessToken.reveal() === pair.accessToken.reveal(), again.replayed, again.warning?.code],
      [true, true, "pair_too_large"],
    );
    // It goes on serving, and tries nothing in vain.
    await process.tokens.drain();
    assert.deepEqual(await process.tokens.health(), { ok: true });
  }
  owner.kill();
  other.kill();
  const later = await world.start({ feishu });
  assert.equal(later.store.tooLargePairs.length, 1);
  assert.equal((await refresh(world, later, r1)).accessToken.reveal(), pair.accessToken.reveal());
  assert.equal((await world.refreshCalls()).length, 1);
  const warned = world.log.lines.filter(({ event }) => event.startsWith("pair too large for the store"));
  assert.equal(warned.length, 3, "a line in each process");
  assert(warned.every(({ fields }) => !JSON.stringify(fields).includes(PADDING)));
});

Deno.test("a pair that no database takes goes when it has ended", async () => {
  await using world = await TokenWorld.create();
  const owner = await world.start({ feishu: large(world) });
  await refresh(world, owner, await world.login("v2"));
  owner.kill();
  world.age(400 * DAY_MS);
  assert.deepEqual((await world.start()).store.tooLargePairs, []);
  world.age(-400 * DAY_MS);
  assert.deepEqual((await world.start()).store.tooLargePairs, []);
});

Deno.test("a pair that no database takes is served from memory where there is no journal, and said so", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start({ feishu: large(world), place: { kind: "memory" } });
  const r1 = await world.login("v2");
  const pair = await refresh(world, process, r1);
  const again = await refresh(world, process, r1);
  assert.equal(again.accessToken.reveal(), pair.accessToken.reveal());
  assert.deepEqual([pair.warning?.code, again.warning?.code], ["pair_too_large", "pair_too_large"]);
  assert.deepEqual(await process.tokens.health(), { ok: true });
});

Deno.test("what follows on a pair that no database takes is stored, and found by its own refresh token", async () => {
  await using world = await TokenWorld.create();
  const owner = await world.start({ feishu: large(world) });
  const r1 = await world.login("v2");
  await refresh(world, owner, r1);
  await owner.tokens.drain();
  owner.kill();
  world.age(3 * 60 * 60_000);
  const later = await world.start();
  const next = await refresh(world, later, r1);
  assert.deepEqual([next.replayed, next.warning], [false, undefined]);
  assert.equal((await refresh(world, later, r1)).accessToken.reveal(), next.accessToken.reveal());
  assert.equal((await world.refreshCalls()).length, 2);
});
