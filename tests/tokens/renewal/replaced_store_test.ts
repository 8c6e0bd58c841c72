import assert from "node:assert/strict";
import { backup, DatabaseSync } from "node:sqlite";
import type { UserTokenResult } from "../../../src/ports/tokens.ts";
import type { Secret } from "../../../src/secret.ts";
import { type TokenProcess, TokenWorld } from "../../support/token_world.ts";

/** Nobody can delete an open file there. */
const ignore = Deno.build.os === "windows";
const A_MINUTE_MS = 60_000;

function worldTest(name: string, use: (world: TokenWorld) => Promise<void>): void {
  Deno.test({
    name,
    ignore,
    async fn(): Promise<void> {
      await using world = await TokenWorld.create();
      await use(world);
    },
  });
}

function refresh(world: TokenWorld, { tokens }: TokenProcess, token: Secret): Promise<UserTokenResult> {
  return tokens.refreshUserToken(world.credentials, token, world.call());
}

/** The store's file, copied whole while nobody writes. */
async function copyOf(world: TokenWorld): Promise<string> {
  const path = `${world.folder}/backup.kv`;
  using database = new DatabaseSync(world.path);
  await backup(database, path);
  return path;
}

/**
 * Feishu has one token and does not answer yet: `waiter`, which asks for the same one, does not present it, and both get
 * the same pair.
 */
async function assertOneCall(
  world: TokenWorld,
  answered: Promise<UserTokenResult>,
  waiter: TokenProcess,
  waiting: Promise<UserTokenResult>,
): Promise<void> {
  await waiter.kv.untilRead(10, waiting);
  assert.equal((await world.refreshCalls()).length, 1);
  await world.clearFaults();
  const [pair, other] = await Promise.all([answered, waiting]);
  assert.equal(other.refreshToken?.reveal(), pair.refreshToken?.reveal());
  assert.equal((await world.refreshCalls()).length, 1);
}

worldTest(
  "a store deleted in the middle of a renewal: nobody else presents, and all get what came of it",
  async (world) => {
    const [a, b] = [await world.start(), await world.start()];
    const r1 = await world.login("v2");
    await world.fault({ kind: "hang", path: "oauth/token", times: 1 });
    const answered = refresh(world, a, r1);
    await world.until(async () => (await world.refreshCalls()).length === 1);
    await Deno.remove(world.path);
    // Neither the lease of the one nor a record says that the token is at Feishu.
    const waiting = refresh(world, b, r1);
    await assertOneCall(world, answered, b, waiting);
  },
);

worldTest(
  "a store deleted between the look and the claim of a process: it does not present what another one has at Feishu",
  async (world) => {
    const [a, b] = [await world.start(), await world.start()];
    await a.tokens.appToken(world.credentials, A_MINUTE_MS, world.call());
    const r1 = await world.login("oidc");
    const [looked, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let reads = 0;
    b.kv.afterRead = async (): Promise<void> => {
      // The first is of the record. Then it looks for an app token to present the refresh token with.
      if (++reads !== 2) return;
      looked.resolve();
      await goOn.promise;
    };
    const late = refresh(world, b, r1);
    await looked.promise;
    await world.fault({ kind: "hang", path: "oidc/refresh", times: 1 });
    const answered = refresh(world, a, r1);
    await world.until(async () => (await world.refreshCalls()).length === 1);
    await Deno.remove(world.path);
    goOn.resolve();
    await assertOneCall(world, answered, b, late);
  },
);

worldTest(
  "a store replaced by an older copy is healed by a process that remembers more, for all",
  async (world) => {
    const [a, b] = [await world.start(), await world.start()];
    const r1 = await world.login("v2");
    const older = await copyOf(world);
    const pair = await refresh(world, a, r1);
    await a.tokens.drain();
    await Deno.rename(older, world.path);
    for (const process of [a, b]) {
      assert.equal((await refresh(world, process, r1)).refreshToken?.reveal(), pair.refreshToken?.reveal());
    }
    assert.equal((await world.refreshCalls()).length, 1);
  },
);

worldTest(
  "a store restored in its place from an older copy is healed by a process that remembers more",
  async (world) => {
    const [a, b] = [await world.start(), await world.start()];
    const r1 = await world.login("v2");
    const older = await copyOf(world);
    const pair = await refresh(world, a, r1);
    await a.tokens.drain();
    using copy = new DatabaseSync(older);
    const { ino } = await Deno.stat(world.path);
    await backup(copy, world.path);
    assert.equal((await Deno.stat(world.path)).ino, ino);
    for (const process of [a, b]) {
      assert.equal((await refresh(world, process, r1)).refreshToken?.reveal(), pair.refreshToken?.reveal());
    }
    assert.equal((await world.refreshCalls()).length, 1);
    world.log.only("store went back behind what it held, healing it");
  },
);

worldTest(
  "a store and its journal deleted while a pair is only in memory: it is stored in the new one",
  async (world) => {
    const process = await world.start();
    const r1 = await world.login("v2");
    process.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
    const pair = await refresh(world, process, r1);
    for (const path of [world.path, `${world.path}.key`, `${world.path}.journal`]) {
      await Deno.remove(path, { recursive: true });
    }
    process.kv.onCommit = () => "pass";
    await process.tokens.drain();
    const started = await world.start();
    assert.equal((await refresh(world, started, r1)).refreshToken?.reveal(), pair.refreshToken?.reveal());
    assert.equal((await world.refreshCalls()).length, 1);
  },
);
