import assert from "node:assert/strict";
import { DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { AskedSandbox, dataOf, PATHS } from "./asked_sandbox.ts";

const LEGACY = [["v1"], ["oidc"]] as const;
const CODE_PATHS = { v1: PATHS.v1Code, oidc: PATHS.oidcCode };

Deno.test("refreshLegacy() nests the oidc pair in data with its own names and lives", async () => {
  const sandbox = new AskedSandbox();
  const { refresh } = await sandbox.logIn("oidc");
  const asked = await sandbox.refresh("oidc", refresh?.token);
  const { access_token, refresh_token, ...rest } = dataOf(asked);
  assert.equal(asked.status, 200);
  assert.equal(asked.json.msg, "success");
  assert.match(String(access_token), /^u-/);
  assert.match(String(refresh_token), /^ur-/);
  assert.deepEqual(rest, {
    token_type: "Bearer",
    expires_in: 7199,
    refresh_expires_in: 2_591_999,
    scope: "auth:user.id:read offline_access",
  });
});

Deno.test("refreshLegacy() puts the user beside the v1 pair", async () => {
  const sandbox = new AskedSandbox();
  const { refresh, user } = await sandbox.logIn("v1");
  const data = dataOf(await sandbox.refresh("v1", refresh?.token));
  assert.equal(data.expires_in, 7140);
  assert.equal(data.refresh_expires_in, 2_591_940);
  assert.equal(data.open_id, user.openId);
  assert.equal(data.name, "Ada");
});

Deno.test.each(LEGACY)("refreshLegacy() needs no offline_access on %s", async (generation) => {
  const { refresh } = await new AskedSandbox().logIn(generation, DEFAULT_SANDBOX_APP, "auth:user.id:read");
  assert.notEqual(refresh, undefined);
});

Deno.test.each(LEGACY)("refreshLegacy() takes a tenant token as app token on %s", async (generation) => {
  const sandbox = new AskedSandbox();
  const { refresh } = await sandbox.logIn(generation);
  const tenant = await sandbox.ask(PATHS.tenantToken, {
    app_id: DEFAULT_SANDBOX_APP.appId,
    app_secret: DEFAULT_SANDBOX_APP.appSecret,
  });
  const asked = await sandbox.ask(PATHS[generation], {
    grant_type: "refresh_token",
    refresh_token: refresh?.token,
  }, { authorization: `Bearer ${tenant.json.tenant_access_token}` });
  assert.equal(asked.json.code, 0);
});

Deno.test.each(LEGACY)(
  "refreshLegacy() refuses a missing, unknown, expired or user token in Authorization with 20014 on %s, and the refresh token stays good",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const expired = sandbox.appAuthorization();
    sandbox.clock.advance(7_200_000);
    const { accessToken, refresh } = await sandbox.logIn(generation);
    const body = { grant_type: "refresh_token", refresh_token: refresh?.token };
    for (const authorization of [undefined, "Bearer t-unknown", expired, `Bearer ${accessToken}`]) {
      const asked = await sandbox.ask(
        PATHS[generation],
        body,
        authorization === undefined ? {} : { authorization },
      );
      assert.equal(asked.status, 200);
      assert.equal(asked.json.code, 20014);
    }
    assert.equal((await sandbox.refresh(generation, refresh?.token)).json.code, 0);
  },
);

Deno.test.each(LEGACY)("refreshLegacy() refuses missing fields with 20001 on %s", async (generation) => {
  const sandbox = new AskedSandbox();
  const authorization = sandbox.appAuthorization();
  for (const body of ["{", {}, { grant_type: "refresh_token" }, { refresh_token: "ur-x" }]) {
    assert.equal((await sandbox.ask(PATHS[generation], body, { authorization })).json.code, 20001);
  }
});

Deno.test.each(LEGACY)("refreshLegacy() refuses another grant_type with 20036 on %s", async (generation) => {
  const sandbox = new AskedSandbox();
  const body = { grant_type: "password", refresh_token: "ur-x" };
  const asked = await sandbox.ask(PATHS[generation], body, { authorization: sandbox.appAuthorization() });
  assert.deepEqual([asked.status, asked.json.code], [200, 20036]);
});

Deno.test.each(LEGACY)("redeemLegacyCode() gives a pair that can be refreshed on %s", async (generation) => {
  const sandbox = new AskedSandbox();
  const asked = await sandbox.ask(CODE_PATHS[generation], {
    grant_type: "authorization_code",
    code: sandbox.code(),
  }, { authorization: sandbox.appAuthorization() });
  const token = String(dataOf(asked).refresh_token);
  assert.equal((await sandbox.refresh(generation, token)).json.code, 0);
});

Deno.test.each(LEGACY)(
  "redeemLegacyCode() refuses a used and an unknown code with 20003 on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const redeem = async (code: string): Promise<unknown> => {
      const body = { grant_type: "authorization_code", code };
      const authorization = sandbox.appAuthorization();
      return (await sandbox.ask(CODE_PATHS[generation], body, { authorization })).json.code;
    };
    const code = sandbox.code();
    assert.equal(await redeem(code), 0);
    assert.equal(await redeem(code), 20003);
    assert.equal(await redeem("unknown"), 20003);
  },
);

Deno.test.each(LEGACY)(
  "redeemLegacyCode() refuses an expired code with 20004, a foreign one with 20024 on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const redeem = async (code: string): Promise<unknown> => {
      const body = { grant_type: "authorization_code", code };
      const authorization = sandbox.appAuthorization();
      return (await sandbox.ask(CODE_PATHS[generation], body, { authorization })).json.code;
    };
    assert.equal(await redeem(sandbox.code(FOREIGN_SANDBOX_APP)), 20024);
    const code = sandbox.code();
    sandbox.clock.advance(300_000);
    assert.equal(await redeem(code), 20004);
  },
);
