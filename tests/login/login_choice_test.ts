import assert from "node:assert/strict";
import type { StartedLogin } from "../../src/ports/logins.ts";
import { decide, finishLogin, localCall, logIn, startLogin } from "../support/login_world.ts";
import { failure, type TokenProcess, TokenWorld } from "../support/token_world.ts";

const MANY = "offline_access auth:user.id:read docx:document im:message";
const FEW = "offline_access docx:document";

/**
 * A login with fewer scopes than the one that is kept, which waits for the person's choice.
 *
 * @param behaviour of Feishu, once the first login is kept.
 */
async function narrowerLogin(
  world: TokenWorld,
  process: TokenProcess,
  behaviour: Readonly<Record<string, boolean>> = {},
): Promise<StartedLogin> {
  await logIn(world, process, {}, { scopes: MANY.split(" ") });
  await world.control("POST", "behaviour", behaviour);
  world.age(2_000);
  const started = await startLogin(world, process, { scopes: ["docx:document"] });
  await decide(world, started, { scope: FEW });
  assert.equal((await finishLogin(world, process, started)).kind, "narrower");
  return started;
}

Deno.test("L7 narrower_login_does_not_replace: the kept login goes on until somebody chooses", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await narrowerLogin(world, process);
  const progress = await finishLogin(world, process, started);
  assert.equal(progress.kind, "narrower");
  assert.deepEqual(progress.kind === "narrower" && progress.lostScopes, ["im:message"]);
  const { scope } = await process.logins.userToken(world.credentials, { minTtlMs: 0 }, localCall(world));
  assert(scope.includes("im:message"));
  const replaced = await finishLogin(world, process, started, { replace: true });
  assert.equal(replaced.kind, "done");
  const after = await process.logins.userToken(world.credentials, { minTtlMs: 0 }, localCall(world));
  assert(!after.scope.includes("im:message"));
  assert.equal(await world.apiCode("user", after.accessToken), 0);
});

Deno.test("a narrower login is dropped once its time is over, after the kept one was renewed", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await narrowerLogin(world, process);
  const before = (await world.calls("oauth/token")).length;
  world.age(601_000);
  const dropped = await finishLogin(world, process, started);
  assert.equal(dropped.kind === "done" && dropped.warning?.code, "login_narrower_dropped");
  assert.equal((await world.calls("oauth/token")).length, before + 1);
  const { accessToken, scope } = await process.logins.userToken(
    world.credentials,
    { minTtlMs: 0 },
    localCall(world),
  );
  assert(scope.includes("im:message"));
  assert.equal(await world.apiCode("user", accessToken), 0);
});

Deno.test("where Feishu has ended the kept login by the narrower one, that takes its place", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await narrowerLogin(world, process, { second_login_kills_first: true });
  const settled = await finishLogin(world, process, started, { replace: false });
  assert(settled.kind === "done");
  assert(!settled.login.scope.includes("im:message"));
  world.age(3 * 3_600_000);
  const { accessToken } = await process.logins.userToken(
    world.credentials,
    { minTtlMs: 0 },
    localCall(world),
  );
  assert.equal(await world.apiCode("user", accessToken), 0);
});

Deno.test("a login by another person than the one logged in is refused, unless another is welcome", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { login: ann } = await logIn(world, process);
  const started = await startLogin(world, process);
  await decide(world, started, { user: "bob" });
  assert.equal((await failure(finishLogin(world, process, started))).code, "login_wrong_person");
  const { login: bob } = await logIn(world, process, { user: "bob" }, { another: true });
  assert.notEqual(bob.user.openId, ann.user.openId);
  const ambiguous = await failure(
    process.logins.userToken(world.credentials, { minTtlMs: 0 }, localCall(world)),
  );
  assert.equal(ambiguous.code, "user_ambiguous");
  const token = await process.logins.userToken(
    world.credentials,
    { user: "Bob", minTtlMs: 0 },
    localCall(world),
  );
  assert.equal(token.user.openId, bob.user.openId);
});

Deno.test("a login that expects a person refuses every other", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await startLogin(world, process, { user: "ou_somebody" });
  await decide(world, started, { user: "bob" });
  assert.equal((await failure(finishLogin(world, process, started))).code, "login_wrong_person");
  assert.deepEqual(await process.logins.list(world.credentials, localCall(world)), []);
});

Deno.test("scopes are the caller's, else the configured ones, else the kept ones, else what the app offers", async () => {
  await using world = await TokenWorld.create();
  const plain = await world.start();
  const offered = "auth:user.id:read contact:user.base:readonly docx:document im:message offline_access";
  assert.deepEqual((await startLogin(world, plain)).scopes, offered.split(" "));
  await world.fault({ kind: "refuse", code: 99991672, path: "applications" });
  assert.deepEqual((await startLogin(world, plain)).scopes, ["auth:user.id:read", "offline_access"]);
  const configured = await world.start({ scopes: ["im:message"] });
  assert.deepEqual((await startLogin(world, configured)).scopes, ["im:message", "offline_access"]);
  const named = await startLogin(world, configured, { scopes: ["docx:document"] });
  assert.deepEqual(named.scopes, ["docx:document", "offline_access"]);
  await logIn(world, plain, {}, { scopes: ["im:message"] });
  const wider = await startLogin(world, plain, { scopes: ["docx:document"] });
  const kept = ["auth:user.id:read", "im:message", "offline_access"];
  assert.deepEqual(wider.scopes, ["auth:user.id:read", "docx:document", "im:message", "offline_access"]);
  assert.deepEqual((await startLogin(world, plain)).scopes, kept);
});

Deno.test("a scope that does not exist is named", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const scopes = ["docx:document", "im:message", "not a:scope!", "auth:user.id:read"];
  const error = await failure(startLogin(world, process, { scopes }));
  assert.equal(error.code, "scope_unknown");
  assert.match(error.problem.en, /not a:scope!/);
});

Deno.test("what was asked for and not granted is missing in the outcome", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { missingScopes, login } = await logIn(world, process, { scope: "offline_access" }, {
    scopes: ["im:message"],
  });
  assert.deepEqual(missingScopes, ["im:message"]);
  const error = await failure(
    process.logins.userToken(world.credentials, { minTtlMs: 0, scopes: ["im:message"] }, localCall(world)),
  );
  assert.equal(error.code, "scope_not_granted");
  assert.match(error.sentence(), /start_feishu_login.*im:message/);
  assert.equal(login.renewable, true);
});

Deno.test("a login without a refresh token says so, and is served to its end", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await world.control("POST", "behaviour", { refresh_token_given: false });
  const done = await logIn(world, process);
  assert.equal(done.warning?.code, "login_not_renewable");
  assert.equal(done.login.renewable, false);
  const { accessToken } = await process.logins.userToken(
    world.credentials,
    { minTtlMs: 0 },
    localCall(world),
  );
  assert.equal(await world.apiCode("user", accessToken), 0);
  world.age(3 * 3_600_000);
  const error = await failure(process.logins.userToken(world.credentials, { minTtlMs: 0 }, localCall(world)));
  assert.match(error.sentence(), /start_feishu_login/);
});

Deno.test("a login in a store that is in memory says that it ends with the server", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start({ place: { kind: "memory" } });
  const done = await logIn(world, process);
  assert.equal(done.warning?.code, "login_in_memory");
  const { accessToken } = await process.logins.userToken(
    world.credentials,
    { minTtlMs: 0 },
    localCall(world),
  );
  assert.equal(await world.apiCode("user", accessToken), 0);
});

Deno.test("a narrower login is taken where Feishu renews neither", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await narrowerLogin(world, process, { refresh_enabled: false });
  const settled = await finishLogin(world, process, started, { replace: false });
  assert(settled.kind === "done");
  assert(!settled.login.scope.includes("im:message"));
});
