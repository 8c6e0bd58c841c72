import assert from "node:assert/strict";
import type { BehaviourSwitches } from "../../src/sandbox/behaviour.ts";
import { DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP, type SandboxApp } from "../../src/sandbox/sandbox_apps.ts";
import { type Asked, AskedSandbox, PATHS } from "./asked_sandbox.ts";

function revoke(sandbox: AskedSandbox, token = "", app: SandboxApp = DEFAULT_SANDBOX_APP): Promise<Asked> {
  const form = new URLSearchParams({
    client_id: app.appId,
    client_secret: app.appSecret,
    token,
    token_type_hint: "refresh_token",
  });
  return sandbox.ask(PATHS.revoke, form.toString(), { contentType: "application/x-www-form-urlencoded" });
}

async function isAccessTokenLive(sandbox: AskedSandbox, token: string): Promise<boolean> {
  const asked = await sandbox.ask(PATHS.userInfo, "", { method: "GET", authorization: `Bearer ${token}` });
  return asked.json.code === 0;
}

async function isRefreshTokenLive(sandbox: AskedSandbox, token: string | undefined): Promise<boolean> {
  return (await sandbox.refresh("v2", token)).json.code === 0;
}

Deno.test("revokeToken() ends the login and its access tokens, and no other login of the person", async () => {
  const sandbox = new AskedSandbox();
  const [ended, other] = [await sandbox.logIn("v2"), await sandbox.logIn("v2")];
  assert.deepEqual((await revoke(sandbox, ended.refresh?.token)).json, { code: 0 });
  assert.equal(await isAccessTokenLive(sandbox, ended.accessToken), false);
  assert.equal(await isRefreshTokenLive(sandbox, ended.refresh?.token), false);
  assert.equal(await isAccessTokenLive(sandbox, other.accessToken), true);
  assert.equal(await isRefreshTokenLive(sandbox, other.refresh?.token), true);
});

Deno.test("revokeToken() takes an access token as well", async () => {
  const sandbox = new AskedSandbox();
  const pair = await sandbox.logIn("v3");
  await revoke(sandbox, pair.accessToken);
  assert.equal((await sandbox.refresh("v3", pair.refresh?.token)).json.code, 20064);
});

Deno.test.each(
  [
    ["revoke_kills_access_tokens", false, { access: true, refresh: false, other: true }],
    ["revoke_kills_family", false, { access: false, refresh: false, other: true }],
    ["revoke_kills_other_families", true, { access: false, refresh: false, other: false }],
  ] as const,
)("revokeToken() with %s %s", async (name, isOn, left) => {
  const sandbox = new AskedSandbox();
  sandbox.sandbox.behaviour.set({ [name]: isOn } as Partial<BehaviourSwitches>);
  const [ended, other] = [await sandbox.logIn("v2"), await sandbox.logIn("v2")];
  await revoke(sandbox, ended.refresh?.token);
  assert.deepEqual({
    access: await isAccessTokenLive(sandbox, ended.accessToken),
    refresh: await isRefreshTokenLive(sandbox, ended.refresh?.token),
    other: await isRefreshTokenLive(sandbox, other.refresh?.token),
  }, left);
});

Deno.test("revokeToken() ends no other app's token, and needs the secret", async () => {
  const sandbox = new AskedSandbox();
  const { refresh } = await sandbox.logIn("v2");
  assert.equal((await revoke(sandbox, refresh?.token, FOREIGN_SANDBOX_APP)).status, 200);
  const wrong = await revoke(sandbox, refresh?.token, { ...DEFAULT_SANDBOX_APP, appSecret: "x" });
  assert.equal(wrong.json.code, 20002);
  assert.equal(await isRefreshTokenLive(sandbox, refresh?.token), true);
});

Deno.test("revokeToken() says of a token that has ended what the switch says", async () => {
  const sandbox = new AskedSandbox();
  const { refresh } = await sandbox.logIn("v2");
  await revoke(sandbox, refresh?.token);
  assert.equal((await revoke(sandbox, refresh?.token)).status, 200);
  sandbox.sandbox.behaviour.set({ revoke_refuses_dead_token: true });
  const { status, json } = await revoke(sandbox, refresh?.token);
  assert.deepEqual([status, json.code], [400, 20064]);
});
