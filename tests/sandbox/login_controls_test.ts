import assert from "node:assert/strict";
import { USUAL_BEHAVIOUR } from "../../src/sandbox/behaviour.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { PATHS, text } from "./asked_sandbox.ts";
import { ListeningSandbox, type Reply } from "./served_sandbox.ts";

const CLIENT = { client_id: DEFAULT_SANDBOX_APP.appId, client_secret: DEFAULT_SANDBOX_APP.appSecret };

function device(sandbox: ListeningSandbox): Promise<Reply> {
  return sandbox.send("POST", PATHS.device, { ...CLIENT, scope: "docx:document offline_access" });
}

function poll(sandbox: ListeningSandbox, deviceCode: unknown): Promise<Reply> {
  const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
  return sandbox.send("POST", PATHS.v2, { ...CLIENT, grant_type, device_code: deviceCode });
}

async function openId(sandbox: ListeningSandbox, accessToken: unknown): Promise<unknown> {
  const { json } = await sandbox.send("GET", PATHS.userInfo, undefined, {
    headers: { authorization: `Bearer ${text(accessToken)}` },
  });
  return (json.data as Record<string, unknown>).open_id;
}

Deno.test("POST /_sandbox/device decides for the person that it names, by name or by open_id", async () => {
  await using sandbox = await ListeningSandbox.start();
  const known =
    (await sandbox.send("POST", "/_sandbox/logins", { generation: "v2", user: "Grace" })).json.open_id;
  for (const user of ["Grace", known]) {
    const { device_code, user_code } = (await device(sandbox)).json;
    const decided = await sandbox.send("POST", "/_sandbox/device", { user_code, action: "approve", user });
    assert.deepEqual(decided.json, { user_code, action: "approve" });
    const { access_token } = (await poll(sandbox, device_code)).json;
    assert.equal(await openId(sandbox, access_token), known);
  }
});

Deno.test("the links of the device flow lead to the address that was asked", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { verification_uri_complete } = (await device(sandbox)).json;
  const page = await fetch(text(verification_uri_complete), { headers: { connection: "close" } });
  assert.match(await page.text(), /name="decision" value="approve"/);
  assert(text(verification_uri_complete).startsWith(`${sandbox.url}/`));
});

Deno.test("POST /_sandbox/consent makes the authorize page send the browser back at once", async () => {
  await using sandbox = await ListeningSandbox.start();
  const query = new URLSearchParams({ client_id: CLIENT.client_id, redirect_uri: "http://localhost:1/cb" });
  const open = async (): Promise<[number, string]> => {
    const { status, headers } = await sandbox.send("GET", `${PATHS.authorize}?${query}`, undefined, {
      redirect: "manual",
    });
    return [status, headers.get("location") ?? ""];
  };
  assert.equal((await open())[0], 200);
  await sandbox.send("POST", "/_sandbox/consent", { mode: "approve" });
  assert.match((await open())[1], /^http:\/\/localhost:1\/cb\?code=[\w-]{64}$/);
  await sandbox.send("POST", "/_sandbox/consent", { mode: "deny" });
  assert.deepEqual(await open(), [302, "http://localhost:1/cb?error=access_denied"]);
});

Deno.test("POST /_sandbox/behaviour sets what it names and answers every switch; a reset sets them back", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { json } = await sandbox.send("POST", "/_sandbox/behaviour", { success_code: false });
  assert.deepEqual(json, { ...USUAL_BEHAVIOUR, success_code: false });
  await sandbox.send("POST", "/_sandbox/reset");
  assert.deepEqual((await sandbox.send("POST", "/_sandbox/behaviour", {})).json, USUAL_BEHAVIOUR);
});

Deno.test.each(
  [
    ["refresh_enabled", false, [20074, 20074]],
    ["second_login_kills_first", true, [20064, 0]],
  ] as const,
)("POST /_sandbox/behaviour: %s %s", async (name, isOn, codes) => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.send("POST", "/_sandbox/behaviour", { [name]: isOn });
  const [first, second] = [await sandbox.logIn("v2"), await sandbox.logIn("v2")];
  const refreshed = [await sandbox.refresh(first), await sandbox.refresh(second)];
  assert.deepEqual(refreshed.map(({ json }) => json.code), codes);
});

Deno.test("POST /_sandbox/behaviour: a pair without `code`, counted as accepted all the same", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.send("POST", "/_sandbox/behaviour", { success_code: false });
  const { status, json } = await sandbox.refresh(await sandbox.logIn("v2"));
  assert.deepEqual([status, "code" in json, typeof json.access_token], [200, false, "string"]);
  assert.deepEqual(await sandbox.outcomes(), [["accepted", 0]]);
});

Deno.test("POST /_sandbox/behaviour: a pair with `status_message`", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { json } = await sandbox.refresh(await sandbox.logIn("v2"));
  assert.equal("status_message" in json, false);
  await sandbox.send("POST", "/_sandbox/behaviour", { status_message: true });
  const advised = await sandbox.refresh(text(json.refresh_token));
  assert.deepEqual([advised.json.code, advised.json.status_message], [0, "success"]);
});

Deno.test.each([[false, "expired_token", undefined], [true, "invalid_grant", 20079]])(
  "POST /_sandbox/behaviour: expired_device_code_unknown %s",
  async (isOn, error, code) => {
    await using sandbox = await ListeningSandbox.start();
    await sandbox.send("POST", "/_sandbox/behaviour", { expired_device_code_unknown: isOn });
    const { device_code } = (await device(sandbox)).json;
    sandbox.clock.advance(600_000);
    const { json } = await poll(sandbox, device_code);
    assert.deepEqual([json.error, json.code], [error, code]);
  },
);

Deno.test("POST /_sandbox/behaviour: no refresh token although it was granted", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.send("POST", "/_sandbox/behaviour", { refresh_token_given: false });
  const { json } = await sandbox.send("POST", "/_sandbox/logins", { generation: "v2" });
  assert.deepEqual(["refresh_token" in json, json.scope], [false, "auth:user.id:read offline_access"]);
});

Deno.test("POST /_sandbox/behaviour: refresh tokens that do not shrink end with the authorization", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.send("POST", "/_sandbox/behaviour", { refresh_expiry_shrinks: false });
  let token = await sandbox.logIn("v2");
  for (let day = 0; day < 364; day += 6.5) {
    sandbox.clock.advance(6.5 * 86_400_000);
    const { json } = await sandbox.refresh(token);
    assert.deepEqual([json.code, json.refresh_token_expires_in], [0, 604_800]);
    token = text(json.refresh_token);
  }
  sandbox.clock.advance(2 * 86_400_000);
  assert.equal((await sandbox.refresh(token)).json.code, 20037);
});

Deno.test("POST /_sandbox/apps makes an app that works like the default ones", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { app_id, app_secret, kind } = (await sandbox.send("POST", "/_sandbox/apps", {})).json;
  assert.match(text(app_id), /^cli_[0-9a-f]{16}$/);
  assert.match(text(app_secret), /^[\w-]{32}$/);
  assert.equal(kind, "custom");
  const { json } = await sandbox.send("POST", PATHS.tenantToken, { app_id, app_secret });
  assert.equal(json.code, 0);
  assert.equal((await sandbox.send("POST", "/_sandbox/logins", { generation: "v2", app_id })).status, 200);
  assert.match((await sandbox.send("GET", "/_sandbox/state")).text, new RegExp(text(app_id)));
  await sandbox.send("POST", "/_sandbox/reset");
  assert.equal((await sandbox.send("POST", PATHS.tenantToken, { app_id, app_secret })).json.code, 10003);
});

Deno.test("POST /_sandbox/apps changes what it names of an app that exists", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { client_id: app_id, client_secret: app_secret } = CLIENT;
  const changed = await sandbox.send("POST", "/_sandbox/apps", { app_id, scopes: ["docx:document"] });
  assert.deepEqual(changed.json, { app_id, app_secret, kind: "custom" });
  const { device_code, user_code } = (await device(sandbox)).json;
  await sandbox.send("POST", "/_sandbox/device", { user_code, action: "approve" });
  assert.equal((await poll(sandbox, device_code)).json.scope, "auth:user.id:read docx:document");
});

Deno.test.each([
  ["device", {}, /user_code, action: "approve" \| "deny" \| "expire"/],
  ["device", { user_code: "AAAA-BBBB", action: "approve" }, /no login waits for this user_code/],
  ["consent", { mode: "maybe" }, /"page" \| "approve" \| "deny"/],
  ["behaviour", { revoke_kills_famly: true }, /revoke_kills_family\?/],
  ["behaviour", { refresh_enabled: "no" }, /true or false/],
  ["apps", { kind: "isv" }, /"custom" \| "store"/],
  ["apps", { redirect_uris: ["callback"] }, /redirect_uris/],
])("POST /_sandbox/%s says what to send instead of %o", async (call, body, wanted) => {
  await using sandbox = await ListeningSandbox.start();
  const { status, json } = await sandbox.send("POST", `/_sandbox/${call}`, body);
  assert.equal(status, 400);
  assert.match(text(json.error), wanted);
});

Deno.test("GET /_sandbox/calls shows by hash which token was to be revoked", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.refresh(token);
  await sandbox.send("POST", PATHS.revoke, { ...CLIENT, token });
  const [refreshed, revoked] = await sandbox.calls();
  assert.deepEqual([revoked?.path, revoked?.presented], [PATHS.revoke, refreshed?.presented]);
});

Deno.test("GET /_sandbox/calls shows by hash which code was presented, and no code", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { device_code } = (await device(sandbox)).json;
  await poll(sandbox, device_code);
  const [begun, polled] = await sandbox.calls();
  assert.deepEqual([begun?.outcome, begun?.presented], ["accepted", undefined]);
  assert.deepEqual([polled?.outcome, polled?.code], ["refused", 20094]);
  assert.match(polled?.presented ?? "", /^[\w-]+$/);
  assert(!JSON.stringify(await sandbox.calls()).includes(text(device_code)));
});
