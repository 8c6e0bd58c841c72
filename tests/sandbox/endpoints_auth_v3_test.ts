import assert from "node:assert/strict";
import { DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { AskedSandbox, PATHS } from "./asked_sandbox.ts";

const CREDENTIALS = { app_id: DEFAULT_SANDBOX_APP.appId, app_secret: DEFAULT_SANDBOX_APP.appSecret };

Deno.test("issueAppToken() gives app and tenant token of one value, flat", async () => {
  const asked = await new AskedSandbox().ask(PATHS.appToken, CREDENTIALS);
  const token = asked.json.app_access_token;
  assert.equal(asked.status, 200);
  assert.deepEqual(asked.json, {
    app_access_token: token,
    code: 0,
    expire: 7200,
    msg: "ok",
    tenant_access_token: token,
  });
});

Deno.test("issueTenantToken() gives the token that the app token call gave", async () => {
  const sandbox = new AskedSandbox();
  const app = await sandbox.ask(PATHS.appToken, CREDENTIALS);
  const tenant = await sandbox.ask(PATHS.tenantToken, CREDENTIALS);
  assert.deepEqual(tenant.json, {
    code: 0,
    msg: "ok",
    tenant_access_token: app.json.app_access_token,
    expire: 7200,
  });
});

Deno.test("issueTenantToken() gives each app its own token", async () => {
  const sandbox = new AskedSandbox();
  const one = await sandbox.ask(PATHS.tenantToken, CREDENTIALS);
  const other = await sandbox.ask(PATHS.tenantToken, {
    app_id: FOREIGN_SANDBOX_APP.appId,
    app_secret: FOREIGN_SANDBOX_APP.appSecret,
  });
  assert.notEqual(one.json.tenant_access_token, other.json.tenant_access_token);
});

Deno.test("issueTenantToken() gives the same token with less expire while 1800 s remain", async () => {
  const sandbox = new AskedSandbox();
  const first = await sandbox.ask(PATHS.tenantToken, CREDENTIALS);
  sandbox.clock.advance(5_400_000);
  const second = await sandbox.ask(PATHS.tenantToken, CREDENTIALS);
  assert.equal(second.json.tenant_access_token, first.json.tenant_access_token);
  assert.equal(second.json.expire, 1800);
});

Deno.test("issueTenantToken() gives a new token when less than 1800 s remain", async () => {
  const sandbox = new AskedSandbox();
  const first = await sandbox.ask(PATHS.tenantToken, CREDENTIALS);
  sandbox.clock.advance(5_400_001);
  const second = await sandbox.ask(PATHS.tenantToken, CREDENTIALS);
  assert.notEqual(second.json.tenant_access_token, first.json.tenant_access_token);
  assert.equal(second.json.expire, 7200);
});

Deno.test("issueTenantToken() leaves the old token alive until its own expiry", async () => {
  const sandbox = new AskedSandbox();
  const first = await sandbox.ask(PATHS.tenantToken, CREDENTIALS);
  const use = async (): Promise<number> => {
    const authorization = `Bearer ${first.json.tenant_access_token}`;
    return (await sandbox.ask(PATHS.scopes, "", { method: "GET", authorization })).status;
  };
  sandbox.clock.advance(7_199_999);
  await sandbox.ask(PATHS.tenantToken, CREDENTIALS);
  assert.equal(await use(), 200);
  sandbox.clock.advance(1);
  assert.equal(await use(), 400);
});

Deno.test("issueAppToken() gives a new token when the newest was revoked, and the old one is dead", async () => {
  const sandbox = new AskedSandbox();
  const first = await sandbox.ask(PATHS.appToken, CREDENTIALS);
  const token = String(first.json.app_access_token);
  assert.equal(sandbox.sandbox.accessTokens.revoke(token), 1);
  const second = await sandbox.ask(PATHS.appToken, CREDENTIALS);
  assert.notEqual(second.json.app_access_token, token);
  assert.equal(second.json.expire, 7200);
  const refused = await sandbox.ask(PATHS.scopes, "", { method: "GET", authorization: `Bearer ${token}` });
  assert.equal(refused.json.code, 99991663);
});

Deno.test("issueAppToken() accepts a trailing slash", async () => {
  assert.equal((await new AskedSandbox().ask(`${PATHS.appToken}/`, CREDENTIALS)).json.code, 0);
});

Deno.test.each([
  ["a body that is no JSON", "{"],
  ["a body that is no object", "[]"],
  ["a missing app_secret", { app_id: CREDENTIALS.app_id }],
  ["a missing app_id", { app_secret: CREDENTIALS.app_secret }],
  ["an app_id that is no string", { ...CREDENTIALS, app_id: 1 }],
  ["an unknown app_id", { ...CREDENTIALS, app_id: "cli_nobody" }],
])("issueAppToken() refuses %s with 10003 under HTTP 200", async (_what, body) => {
  const asked = await new AskedSandbox().ask(PATHS.appToken, body);
  assert.equal(asked.status, 200);
  assert.equal(asked.contentType, "application/json; charset=utf-8");
  assert.deepEqual(asked.json, { code: 10003, data: {}, msg: "invalid param" });
});

Deno.test("issueAppToken() refuses a form with 10003", async () => {
  const body = new URLSearchParams(CREDENTIALS).toString();
  const asked = await new AskedSandbox().ask(PATHS.appToken, body, {
    contentType: "application/x-www-form-urlencoded",
  });
  assert.equal(asked.json.code, 10003);
});

Deno.test("issueAppToken() refuses the wrong secret with 10014 under HTTP 200", async () => {
  const asked = await new AskedSandbox().ask(PATHS.appToken, { ...CREDENTIALS, app_secret: "wrong" });
  assert.equal(asked.status, 200);
  assert.deepEqual(asked.json, { code: 10014, msg: "app secret invalid" });
});
