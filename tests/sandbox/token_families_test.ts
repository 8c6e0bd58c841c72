import assert from "node:assert/strict";
import { DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { type Generation, GENERATIONS } from "../../src/sandbox/token_lifetimes.ts";
import { type Asked, AskedSandbox, dataOf, text } from "./asked_sandbox.ts";

const DAY_MS = 24 * 3_600_000;

/** What this generation says of a refresh token that was spent or revoked. */
const SPENT: Readonly<Record<Generation, number>> = { v1: 20026, oidc: 20026, v2: 20064, v3: 20064 };

function pairOf(generation: Generation, asked: Asked): { readonly access: string; readonly refresh: string } {
  const fields = generation === "v1" || generation === "oidc" ? dataOf(asked) : asked.json;
  return { access: text(fields.access_token), refresh: text(fields.refresh_token) };
}

Deno.test.each(GENERATIONS.map((generation) => [generation] as const))(
  "TokenFamilies.rotate() gives a new pair once and refuses the spent token on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const { refresh } = await sandbox.logIn(generation);
    const first = await sandbox.refresh(generation, refresh?.token);
    assert.equal(first.json.code, 0);
    assert.notEqual(pairOf(generation, first).refresh, refresh?.token);
    assert.equal((await sandbox.refresh(generation, refresh?.token)).json.code, SPENT[generation]);
  },
);

Deno.test.each(GENERATIONS.map((generation) => [generation] as const))(
  "TokenFamilies.rotate() leaves the successor good when a spent token is presented on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const { refresh } = await sandbox.logIn(generation);
    const successor = pairOf(generation, await sandbox.refresh(generation, refresh?.token)).refresh;
    await sandbox.refresh(generation, refresh?.token);
    assert.equal((await sandbox.refresh(generation, successor)).json.code, 0);
  },
);

Deno.test.each(GENERATIONS.map((generation) => [generation] as const))(
  "TokenFamilies.rotate() lets one of two simultaneous refreshes through on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const { refresh } = await sandbox.logIn(generation);
    const both = await Promise.all([1, 2].map(() => sandbox.refresh(generation, refresh?.token)));
    assert.deepEqual(new Set(both.map(({ json }) => json.code)), new Set([0, SPENT[generation]]));
  },
);

Deno.test.each(GENERATIONS.map((generation) => [generation] as const))(
  "TokenFamilies.inspect() refuses a token it does not know with 20026 on %s",
  async (generation) => {
    assert.equal((await new AskedSandbox().refresh(generation, "ur-unknown")).json.code, 20026);
  },
);

Deno.test.each(GENERATIONS.map((generation) => [generation] as const))(
  "TokenFamilies.inspect() refuses another app's token with 20024 on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const { refresh } = await sandbox.logIn(generation, FOREIGN_SANDBOX_APP);
    assert.equal((await sandbox.refresh(generation, refresh?.token, DEFAULT_SANDBOX_APP)).json.code, 20024);
  },
);

Deno.test.each([["v1", 2_591_940], ["oidc", 2_591_999], ["v2", 604_800], ["v3", 604_800]] as const)(
  "TokenFamilies.inspect() refuses an expired token with 20037 on %s, after %i s",
  async (generation, lifeSeconds) => {
    const sandbox = new AskedSandbox();
    const [one, other] = [await sandbox.logIn(generation), await sandbox.logIn(generation)];
    sandbox.clock.advance(lifeSeconds * 1000 - 1);
    assert.equal((await sandbox.refresh(generation, one.refresh?.token)).json.code, 0);
    sandbox.clock.advance(1);
    assert.equal((await sandbox.refresh(generation, other.refresh?.token)).json.code, 20037);
  },
);

Deno.test.each(GENERATIONS.map((generation) => [generation] as const))(
  "TokenFamilies.rotate() ends 365 days after the authorization with 20037 on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    let token = (await sandbox.logIn(generation)).refresh?.token;
    for (let day = 6; day <= 360; day += 6) {
      sandbox.clock.advance(6 * DAY_MS);
      token = pairOf(generation, await sandbox.refresh(generation, token)).refresh;
    }
    sandbox.clock.advance(5 * DAY_MS);
    assert.equal((await sandbox.refresh(generation, token)).json.code, 20037);
  },
);

Deno.test("TokenFamilies.rotate() gives a shorter life when 365 days are near", async () => {
  const sandbox = new AskedSandbox();
  let token = (await sandbox.logIn("v2")).refresh?.token;
  let asked: Asked | undefined;
  for (let day = 6; day <= 360; day += 6) {
    sandbox.clock.advance(6 * DAY_MS);
    asked = await sandbox.refresh("v2", token);
    token = text(asked.json.refresh_token);
  }
  assert.equal(asked?.json.refresh_token_expires_in, 5 * 86_400);
});

Deno.test.each(GENERATIONS.map((generation) => [generation] as const))(
  "TokenFamilies.revokeToken() makes the newest token of the family worthless on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const { refresh } = await sandbox.logIn(generation);
    const successor = pairOf(generation, await sandbox.refresh(generation, refresh?.token)).refresh;
    assert.equal(sandbox.sandbox.families.revokeToken(refresh?.token ?? ""), 1);
    assert.equal((await sandbox.refresh(generation, successor)).json.code, SPENT[generation]);
  },
);

Deno.test("TokenFamilies.revokeUser() revokes every family of the user and nobody else's", async () => {
  const sandbox = new AskedSandbox();
  const mine = [await sandbox.logIn("v2"), await sandbox.logIn("oidc")];
  const foreign = await sandbox.logIn("v2", FOREIGN_SANDBOX_APP);
  assert.equal(sandbox.sandbox.families.revokeUser(mine[0]?.user.openId ?? ""), 2);
  assert.equal((await sandbox.refresh("oidc", mine[1]?.refresh?.token)).json.code, 20026);
  assert.equal((await sandbox.refresh("v2", foreign.refresh?.token, FOREIGN_SANDBOX_APP)).json.code, 0);
});

Deno.test("TokenFamilies.revokeToken() revokes nothing when it does not know the token", () => {
  assert.equal(new AskedSandbox().sandbox.families.revokeToken("ur-unknown"), 0);
});

const OTHER_GENERATIONS = GENERATIONS.flatMap((issuer) =>
  GENERATIONS.filter((endpoint) => endpoint !== issuer && !(issuer === "v2" && endpoint === "v3"))
    .map((endpoint) => [endpoint, issuer] as const)
);

Deno.test.each(OTHER_GENERATIONS)(
  "TokenFamilies.inspect() refuses with 20026 on %s what %s issued, and leaves it good",
  async (endpoint, issuer) => {
    const sandbox = new AskedSandbox();
    const { refresh } = await sandbox.logIn(issuer);
    assert.equal((await sandbox.refresh(endpoint, refresh?.token)).json.code, 20026);
    assert.equal((await sandbox.refresh(issuer, refresh?.token)).json.code, 0);
  },
);

Deno.test("TokenFamilies.rotate() on v3 takes what v2 issued and gives what v2 no longer takes", async () => {
  const sandbox = new AskedSandbox();
  const { refresh } = await sandbox.logIn("v2");
  const moved = await sandbox.refresh("v3", refresh?.token);
  assert.equal(moved.json.code, 0);
  assert.equal((await sandbox.refresh("v2", text(moved.json.refresh_token))).json.code, 20026);
  assert.equal((await sandbox.refresh("v3", text(moved.json.refresh_token))).json.code, 0);
});

Deno.test("TokenFamilies.rotate() leaves the access token issued before alive", async () => {
  const sandbox = new AskedSandbox();
  const { accessToken, refresh } = await sandbox.logIn("v2");
  await sandbox.refresh("v2", refresh?.token);
  const asked = await sandbox.ask("/open-apis/authen/v1/user_info", "", {
    method: "GET",
    authorization: `Bearer ${accessToken}`,
  });
  assert.equal(asked.json.code, 0);
});

Deno.test("TokenFamilies.view() shows rotations by hash and no token", async () => {
  const sandbox = new AskedSandbox();
  const { refresh } = await sandbox.logIn("v1");
  const successor = pairOf("v1", await sandbox.refresh("v1", refresh?.token)).refresh;
  const view = sandbox.sandbox.families.view();
  assert.deepEqual(view[0]?.refresh_tokens.map(({ generation, spent }) => ({ generation, spent })), [
    { generation: 1, spent: true },
    { generation: 2, spent: false },
  ]);
  const shown = JSON.stringify(view);
  assert(!shown.includes(refresh?.token ?? "") && !shown.includes(successor));
});
