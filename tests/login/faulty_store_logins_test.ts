import assert from "node:assert/strict";
import type { LoginProgress } from "../../src/ports/logins.ts";
import { decide, finishLogin, localCall, startLogin } from "../support/login_world.ts";
import type { CommitFate } from "../support/interceptable_kv.ts";
import { type TokenProcess, TokenWorld } from "../support/token_world.ts";

/** More commits than a login has, from its first poll to its end. */
const COMMITS = 12;
const EVERY_COMMIT = Array.from({ length: COMMITS }, (_, number) => number);

async function isDone(finishing: Promise<LoginProgress>): Promise<boolean> {
  return (await finishing).kind === "done";
}

/** The login is done, its token works, and its code was taken once. */
async function assertKept(world: TokenWorld, process: TokenProcess): Promise<void> {
  const { accessToken } = await process.logins.userToken(
    world.credentials,
    { minTtlMs: 0 },
    localCall(world),
  );
  assert.equal(await world.apiCode("user", accessToken), 0);
  assert.equal((await process.logins.list(world.credentials, localCall(world))).length, 1);
  assert.equal((await world.calls("oauth/token")).filter(({ code }) => code === 0).length, 1);
  // Nothing of it is left that could come back.
  await process.logins.logout(world.credentials, undefined, localCall(world));
  assert.deepEqual(await process.logins.list(world.credentials, localCall(world)), []);
}

for (const fate of ["throw", "land_and_throw"] as const) {
  Deno.test(`a login is finished by another process, whichever commit the first one was killed at: ${fate}`, async () => {
    for (const number of EVERY_COMMIT) {
      await using world = await TokenWorld.create();
      const process = await world.start();
      const started = await startLogin(world, process);
      await decide(world, started);
      let commits = 0;
      process.kv.onCommit = (): CommitFate => {
        if (commits++ < number) return "pass";
        if (commits > number + 1) return "throw";
        queueMicrotask(() => process.stop());
        return fate;
      };
      await finishLogin(world, process, started).catch(() => {});
      process.kill();
      const next = await world.start();
      await world.until(() => isDone(finishLogin(world, next, started)));
      await assertKept(world, next);
    }
  });
}

for (const fate of ["throw", "conflict", "land_and_lie", "land_and_throw"] as const) {
  Deno.test(`a login is finished, whichever commit the store fails or lies about: ${fate}`, async () => {
    for (const number of EVERY_COMMIT) {
      await using world = await TokenWorld.create();
      const process = await world.start();
      const started = await startLogin(world, process);
      await decide(world, started);
      let commits = 0;
      process.kv.onCommit = (): CommitFate => commits++ === number ? fate : "pass";
      await world.until(async () => {
        world.age(1_000);
        return await isDone(finishLogin(world, process, started));
      });
      await assertKept(world, process);
    }
  });
}

for (const fate of ["throw", "conflict", "land_and_lie"] as const) {
  Deno.test(`two processes finish one login once, whichever commit the store fails one of them: ${fate}`, async () => {
    for (const number of EVERY_COMMIT) {
      await using world = await TokenWorld.create();
      const [first, second] = [await world.start(), await world.start()];
      const started = await startLogin(world, first);
      await decide(world, started);
      let commits = 0;
      first.kv.onCommit = (): CommitFate => commits++ === number ? fate : "pass";
      await world.until(async () => {
        world.age(1_000);
        const both = [first, second].map((process) => isDone(finishLogin(world, process, started)));
        return (await Promise.all(both)).every((done) => done);
      });
      await assertKept(world, second);
    }
  });
}
