import assert from "node:assert/strict";
import { keyOwner, type LoginOwner } from "../../src/ports/login_owner.ts";
import type { AppCredentials } from "../../src/ports/feishu.ts";
import type { LoginProgress } from "../../src/ports/logins.ts";
import type { CallContext } from "../../src/ports/tokens.ts";
import { Secret } from "../../src/secret.ts";
import { decide } from "../support/login_world.ts";
import { failure, type TokenProcess, TokenWorld } from "../support/token_world.ts";

const [ALICE, BOB] = [keyOwner("alice"), keyOwner("bob")];

function callOf(world: TokenWorld, owner: LoginOwner): CallContext {
  return { ...world.call(), owner };
}

/** A login of `owner` by the person `user`, from its start to its end. */
async function logIn(
  world: TokenWorld,
  process: TokenProcess,
  owner: LoginOwner,
  user: string,
): Promise<LoginProgress> {
  const started = await process.logins.start(world.credentials, {}, callOf(world, owner));
  await decide(world, started, { user });
  return await process.logins.finish(world.credentials, started.loginId, {}, callOf(world, owner));
}

async function namesOf(world: TokenWorld, process: TokenProcess, owner: LoginOwner): Promise<unknown[]> {
  const logins = await process.logins.list(world.credentials, callOf(world, owner));
  return logins.map(({ user }) => user.name);
}

async function userOf(
  world: TokenWorld,
  process: TokenProcess,
  owner: LoginOwner,
): Promise<string | undefined> {
  const token = await process.logins.userToken(world.credentials, { minTtlMs: 0 }, callOf(world, owner));
  return token.user.name;
}

Deno.test("each caller with a key meets its own logins, also in a process that has seen none of them", async () => {
  await using world = await TokenWorld.create();
  const first = await world.start();
  for (const [owner, user] of [[ALICE, "ann"], [BOB, "ben"], ["local", "lou"]] as const) {
    assert.equal((await logIn(world, first, owner, user)).kind, "done");
  }
  const second = await world.start();
  for (const process of [first, second]) {
    for (const [owner, user] of [[ALICE, "ann"], [BOB, "ben"], ["local", "lou"]] as const) {
      assert.deepEqual(await namesOf(world, process, owner), [user]);
      assert.equal(await userOf(world, process, owner), user);
    }
    assert.deepEqual(await namesOf(world, process, keyOwner("carol")), []);
    assert.deepEqual(await namesOf(world, process, "session"), []);
  }
});

Deno.test("one person may log in for two callers, and each keeps the login of the other's logout", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process, ALICE, "ann");
  await logIn(world, process, BOB, "ann");
  const { upstream } = await process.logins.logout(world.credentials, undefined, callOf(world, ALICE));
  assert.equal(upstream, "not_sent");
  assert.deepEqual(await namesOf(world, process, ALICE), []);
  assert.equal(await userOf(world, process, BOB), "ann");
});

Deno.test("a caller's first login pins its person", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process, ALICE, "ann");
  assert.equal((await failure(logIn(world, process, ALICE, "ben"))).code, "login_wrong_person");
  assert.equal((await logIn(world, process, ALICE, "ann")).kind, "done");
  assert.equal((await logIn(world, process, BOB, "ben")).kind, "done");
  assert.deepEqual(await namesOf(world, process, ALICE), ["ann"]);
});

Deno.test("a caller does not find the login that another has started, nor joins it", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await process.logins.start(world.credentials, {}, callOf(world, ALICE));
  for (const owner of [BOB, "local", "session"] as const) {
    const finished = process.logins.finish(world.credentials, started.loginId, {}, callOf(world, owner));
    assert.equal((await failure(finished)).code, "login_not_found");
  }
  const other = await process.logins.start(world.credentials, {}, callOf(world, BOB));
  assert.notEqual(other.userCode, started.userCode);
  assert.equal((await process.logins.waiting(world.credentials, callOf(world, BOB))).length, 1);
});

Deno.test("a key does not replace the secret of an app that its caller brings", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process, ALICE, "ann");
  const brought: AppCredentials = { ...world.credentials, isBrought: true };
  const wrong: AppCredentials = { ...brought, appSecret: new Secret("AnotherSecretAnotherSecret000001") };
  const call = callOf(world, ALICE);
  const asked = { minTtlMs: 0 };
  assert.equal((await process.logins.userToken(brought, asked, call)).user.name, "ann");
  assert.equal((await failure(process.logins.userToken(wrong, asked, call))).code, "credentials_refused");
  assert.equal((await failure(process.logins.list(wrong, call))).code, "credentials_refused");
});
