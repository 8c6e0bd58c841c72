import assert from "node:assert/strict";
import { isTombstone } from "../../src/ports/record_order.ts";
import type { FeishuPort } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";
import type { UserTokenResult } from "../../src/ports/tokens.ts";
import { answers, issued, SPENT, startGrantProcess } from "../support/grant_world.ts";
import { failure, type TokenProcess, TokenWorld } from "../support/token_world.ts";
import { type Fixture, readFixture } from "./fixture.ts";

const STORE = new URL("store_0_1_0/", import.meta.url);
/** After the last entry was written, and long before any token in the store ends. */
const LATER_MS = 60_000;

/** A world whose store is a copy of the one that 0.1.0 wrote, shortly after it did. */
async function worldOf010(): Promise<{ readonly world: TokenWorld; readonly fixture: Fixture }> {
  const fixture = await readFixture(STORE);
  const world = await TokenWorld.create();
  world.age(fixture.writtenAtMs + LATER_MS - world.clock.now());
  const journal = `${world.path}.journal`;
  await Deno.mkdir(journal, { mode: 0o700 });
  // git keeps no modes.
  await copyPrivately(new URL("database", STORE), world.path);
  await copyPrivately(new URL("key", STORE), `${world.path}.key`);
  for await (const { name } of Deno.readDir(new URL("journal/", STORE))) {
    await copyPrivately(new URL(`journal/${name}`, STORE), `${journal}/${name}`);
  }
  return { world, fixture };
}

async function copyPrivately(from: URL, to: string): Promise<void> {
  await Deno.writeFile(to, await Deno.readFile(from), { mode: 0o600, createNew: true });
}

function refresh(world: TokenWorld, { tokens }: TokenProcess, presented: string): Promise<UserTokenResult> {
  return tokens.refreshUserToken(world.credentials, new Secret(presented), world.call());
}

function pairIn(result: UserTokenResult): { readonly accessToken: string; readonly refreshToken: string } {
  return { accessToken: result.accessToken.reveal(), refreshToken: result.refreshToken?.reveal() ?? "" };
}

Deno.test("a store of 0.1.0 answers each refresh token of a chain with its newest pair, and Feishu is not asked", async () => {
  const { world, fixture } = await worldOf010();
  await using _ = world;
  const process = await world.start();
  const { presented, ...newest } = fixture.chain;
  assert.equal(presented.length, 3);
  const { credentials } = world;
  const first = { kind: "caller", credentials, presented: new Secret(presented[0] ?? "") } as const;
  const { token: { value: link } } = await process.store.records.read(first);
  assert.equal(link?.gen, 3, "it points straight at the newest pair");
  for (const token of presented) {
    const result = await refresh(world, process, token);
    assert.deepEqual(pairIn(result), newest);
    assert.deepEqual([result.replayed, result.warning], [true, undefined]);
  }
  assert.deepEqual(await world.calls(), []);
});

Deno.test("a store of 0.1.0 tells what it knew of refresh tokens that Feishu refused, and Feishu is not asked", async () => {
  const { world, fixture } = await worldOf010();
  await using _ = world;
  const process = await world.start();
  const unknown = await failure(refresh(world, process, fixture.outcomeUnknown));
  assert.deepEqual([unknown.code, unknown.detail.feishuCode], ["rotation_outcome_unknown", 20064]);
  const spent = await failure(refresh(world, process, fixture.needsLogin));
  assert.deepEqual([spent.code, spent.detail.feishuCode], ["refresh_token_spent", 20064]);
  assert.deepEqual(await world.calls(), []);
});

Deno.test("a store of 0.1.0 hands out its app token, and Feishu is not asked", async () => {
  const { world, fixture } = await worldOf010();
  await using _ = world;
  const { tokens } = await world.start();
  const { accessToken, warning } = await tokens.appToken(world.credentials, 0, world.call());
  assert.deepEqual([accessToken.reveal(), warning], [fixture.appToken, undefined]);
  assert.deepEqual(await world.calls(), []);
});

Deno.test("a store of 0.1.0 shows another app secret neither its app token nor its pairs", async () => {
  const { world, fixture } = await worldOf010();
  await using _ = world;
  const { tokens } = await world.start();
  const app = await failure(tokens.appToken(world.wrongCredentials, 0, world.call()));
  assert.equal(app.code, "credentials_refused");
  const presented = new Secret(fixture.chain.presented[0] ?? "");
  const user = await failure(tokens.refreshUserToken(world.wrongCredentials, presented, world.call()));
  assert.equal(user.code, "credentials_refused");
  assert.deepEqual(await world.refreshCalls(), []);
});

Deno.test("a store of 0.1.0 gives the spare pair of a login when Feishu refuses the one in place", async () => {
  const { world, fixture } = await worldOf010();
  await using _ = world;
  const process = await startGrantProcess(world);
  const { stored, spare } = fixture.grant;
  const { record } = await process.renew((token) => token === stored ? SPENT : answers("ur-grant-3"));
  assert.deepEqual(process.presented, [stored, spare]);
  const after = await process.stored();
  assert(after.token.value !== null && !isTombstone(after.token.value));
  assert.equal(after.token.value.token.refreshToken?.reveal(), "ur-grant-3");
  assert.deepEqual([record.gen, after.spare.value, after.status.value], [3, null, null]);
});

Deno.test("a store of 0.1.0 gets the pair that its journal holds", async () => {
  const { world, fixture } = await worldOf010();
  await using _ = world;
  const starting = await world.start();
  assert.equal(world.log.only("recovered token pairs that a stopped process had not stored").fields.pairs, 1);
  const { presented, ...pair } = fixture.journaled;
  assert.deepEqual(pairIn(await refresh(world, starting, presented)), pair);
  starting.kill();
  const left = [...Deno.readDirSync(`${world.path}.journal`)].filter(({ name }) => name.endsWith(".json"));
  assert.deepEqual(left, []);
  // It has no journal to find the pair in.
  const other = await world.start({ withoutJournal: true });
  assert.deepEqual(pairIn(await refresh(world, other, presented)), pair);
  assert.deepEqual(await world.calls(), []);
});

Deno.test("a store of 0.1.0 goes on: the newest pair of a chain is renewed when it ends, and each token leads to the next", async () => {
  const { world, fixture } = await worldOf010();
  await using _ = world;
  const { presented, refreshToken: newest } = fixture.chain;
  const asked: string[] = [];
  const feishu: FeishuPort = {
    ...world.feishu(),
    refreshUserToken: ({ refreshToken }) => {
      asked.push(refreshToken.reveal());
      const expiresAtMs = world.clock.now() + 7_200_000;
      return Promise.resolve({ kind: "issued", token: { ...issued("eyJnext"), expiresAtMs } });
    },
  };
  const process = await world.start({ feishu });
  world.age(7_200_000);
  for (const token of [...presented, newest]) {
    assert.equal(pairIn(await refresh(world, process, token)).refreshToken, "eyJnext");
  }
  assert.deepEqual(asked, [newest]);
});
