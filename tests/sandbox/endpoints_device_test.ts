import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { jwtClaims } from "../../src/credentials/jwt_claims.ts";
import { decideDevice } from "../../src/sandbox/endpoints_device.ts";
import { DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { type Asked, AskedSandbox, PATHS, text } from "./asked_sandbox.ts";

const CLIENT = { client_id: DEFAULT_SANDBOX_APP.appId, client_secret: DEFAULT_SANDBOX_APP.appSecret };
const FORM = "application/x-www-form-urlencoded";

/** A login by the device flow, from the app's side and the person's. */
class Login {
  readonly sandbox = new AskedSandbox();
  deviceCode = "";
  userCode = "";

  static async begin(scope = "docx:document offline_access"): Promise<Login> {
    const login = new Login();
    await login.beginAgain(scope);
    return login;
  }

  async beginAgain(scope: string): Promise<void> {
    const { json } = await this.sandbox.ask(PATHS.device, { ...CLIENT, scope });
    this.deviceCode = text(json.device_code);
    this.userCode = text(json.user_code);
  }

  poll(client = CLIENT, path: "v2" | "v3" = "v2"): Promise<Asked> {
    return this.sandbox.ask(PATHS[path], {
      ...client,
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: this.deviceCode,
    });
  }

  decide(action: "approve" | "deny" | "expire", more: { user?: string; scope?: string } = {}): boolean {
    return decideDevice(this.sandbox.sandbox, { userCode: this.userCode, action, user: "Ada", ...more });
  }
}

Deno.test("startDevice() answers as Feishu does, to a form and at the other path as well", async () => {
  const { sandbox } = new Login();
  const form = new URLSearchParams({ ...CLIENT, scope: "docx:document" }).toString();
  for (const path of [PATHS.device, PATHS.deviceOpen]) {
    const { status, json } = await sandbox.ask(path, form, { contentType: FORM });
    assert.equal(status, 200);
    assert.match(text(json.user_code), /^[A-Z2-7]{4}-[A-Z2-7]{4}$/);
    assert.match(text(json.verification_uri_complete), /\/oauth\/v1\/device\/verify\?flow_id=.+&user_code=/);
    assert.deepEqual([json.expires_in, json.interval, json.code], [600, 5, undefined]);
  }
});

Deno.test("startDeviceWithoutSecret() takes JSON with the app id alone, and the polls bring the secret", async () => {
  const login = new Login();
  const { client_id } = CLIENT;
  const { status, json } = await login.sandbox.ask(PATHS.deviceOpen, { client_id, scope: "docx:document" });
  assert.equal(status, 200);
  login.deviceCode = text(json.device_code);
  login.userCode = text(json.user_code);
  assert(login.decide("approve"));
  assert.equal((await login.poll({ client_id, client_secret: "x" })).json.code, 20002);
  assert.equal((await login.poll()).json.scope, "auth:user.id:read docx:document");
});

Deno.test.each([
  ["a wrong secret", { ...CLIENT, client_secret: "x" }, 20002, /secret is invalid/],
  ["an app that is none", { client_id: "cli_x" }, 20048, /app does not exist/],
  ["no app", { scope: "" }, undefined, /missing a required parameter: client_id\.$/],
])("startDeviceWithoutSecret() refuses %s", async (_, body, code, description) => {
  const { status, json } = await new AskedSandbox().ask(PATHS.deviceOpen, body);
  assert.deepEqual([status, json.code], [400, code]);
  assert.match(text(json.error_description), description);
});

Deno.test("startDevice() names the secret where it is missing or empty", async () => {
  for (const client_secret of [undefined, ""]) {
    const { json } = await new AskedSandbox().ask(PATHS.device, { ...CLIENT, client_secret });
    assert.equal(json.error_description, "The request is missing a required parameter: client_secret.");
  }
});

Deno.test.each([
  ["no secret", { client_id: CLIENT.client_id }, "invalid_request", undefined],
  ["a wrong secret", { ...CLIENT, client_secret: "x" }, "invalid_client", 20002],
  ["an app that is none", { ...CLIENT, client_id: "cli_x" }, "invalid_client", 20048],
  ["a scope that is none", { ...CLIENT, scope: "docx:documnt" }, "invalid_scope", undefined],
])("startDevice() refuses %s", async (_, body, error, code) => {
  const asked = await new AskedSandbox().ask(PATHS.device, body);
  assert.deepEqual([asked.status, asked.json.error, asked.json.code], [400, error, code]);
});

Deno.test("startDevice() takes HTTP Basic, and not beside a secret in the body", async () => {
  const authorization = `Basic ${
    Buffer.from(`${CLIENT.client_id}:${CLIENT.client_secret}`).toString("base64")
  }`;
  const sandbox = new AskedSandbox();
  assert.equal((await sandbox.ask(PATHS.device, { scope: "" }, { authorization })).status, 200);
  assert.equal((await sandbox.ask(PATHS.device, CLIENT, { authorization })).json.code, 20070);
});

Deno.test.each([["v2"], ["v3"]] as const)(
  "a device code brings the pair once, after the person has agreed, on %s",
  async (path) => {
    const login = await Login.begin();
    const waiting = await login.poll(CLIENT, path);
    assert.deepEqual([waiting.status, waiting.json.error, waiting.json.code], [
      400,
      "authorization_pending",
      20094,
    ]);
    assert(login.decide("approve"));
    const { json } = await login.poll(CLIENT, path);
    assert.equal(json.scope, "auth:user.id:read docx:document offline_access");
    assert.equal("open_id" in json, false);
    assert.equal((await login.sandbox.refresh(path, text(json.refresh_token))).json.code, 0);
    assert.equal((await login.poll(CLIENT, path)).json.code, 20079);
  },
);

Deno.test("a device code goes to one of two polls at once", async () => {
  const login = await Login.begin();
  login.decide("approve");
  const both = await Promise.all([login.poll(), login.poll()]);
  assert.deepEqual(new Set(both.map(({ json }) => json.code)), new Set([0, 20079]));
});

Deno.test("a poll that comes too fast is told so, and the pause is longer from then on", async () => {
  const login = await Login.begin();
  const codes = [];
  for (const seconds of [0, 5, 4, 10, 9, 15]) {
    login.sandbox.clock.advance(seconds * 1000);
    codes.push((await login.poll()).json.code);
  }
  assert.deepEqual(codes, [20094, 20094, 20095, 20094, 20095, 20094]);
});

Deno.test.each(
  [
    ["deny", "access_denied"],
    ["expire", "expired_token"],
  ] as const,
)("a device code is worth nothing after %s", async (action, error) => {
  const login = await Login.begin();
  login.decide(action);
  const { status, json } = await login.poll();
  assert.deepEqual([status, json.error, json.code], [400, error, undefined]);
  assert.equal(login.decide("approve"), false);
});

Deno.test("a device code ends after ten minutes, decided or not", async () => {
  const login = await Login.begin();
  login.decide("approve");
  login.sandbox.clock.advance(600_000);
  assert.equal((await login.poll()).json.error, "expired_token");
});

Deno.test("a device code is unknown to another app", async () => {
  const login = await Login.begin();
  login.decide("approve");
  const other = { client_id: FOREIGN_SANDBOX_APP.appId, client_secret: FOREIGN_SANDBOX_APP.appSecret };
  assert.equal((await login.poll(other)).json.code, 20079);
  assert.equal((await login.poll()).json.code, 0);
});

Deno.test("a scope that the app does not have is left out without a word", async () => {
  const login = await Login.begin("drive:drive docx:document");
  login.decide("approve");
  const { json } = await login.poll();
  assert.deepEqual([json.scope, json.refresh_token], ["auth:user.id:read docx:document", undefined]);
});

Deno.test("a person may grant something else than what was asked for", async () => {
  const login = await Login.begin();
  login.decide("approve", { scope: "im:message" });
  assert.equal((await login.poll()).json.scope, "auth:user.id:read im:message");
});

Deno.test("scopes accumulate where that is switched on", async () => {
  for (const isOn of [false, true]) {
    const login = await Login.begin("docx:document");
    login.sandbox.sandbox.behaviour.set({ scopes_accumulate: isOn });
    login.decide("approve");
    await login.poll();
    await login.beginAgain("im:message");
    login.decide("approve");
    const scope = text((await login.poll()).json.scope);
    assert.equal(scope.includes("docx:document"), isOn);
    assert(scope.includes("im:message"));
  }
});

Deno.test("a new device code ends the earlier one where that is switched on", async () => {
  const login = await Login.begin();
  login.sandbox.sandbox.behaviour.set({ new_device_code_kills_earlier: true });
  const earlier = login.deviceCode;
  await login.beginAgain("im:message");
  assert.equal((await login.poll()).json.code, 20094);
  login.deviceCode = earlier;
  assert.equal((await login.poll()).json.error, "expired_token");
});

Deno.test("the access tokens of a login say who authorized when, and not who it was", async () => {
  const login = await Login.begin();
  login.decide("approve");
  const { json } = await login.poll();
  const first = jwtClaims(text(json.access_token)) ?? {};
  const authorizedAtS = Math.floor(login.sandbox.clock.now() / 1000);
  assert.match(text(first.auth_id), /^\d{15,20}$/);
  assert.deepEqual([first.auth_time, first.auth_exp], [authorizedAtS, authorizedAtS + 31_536_000]);
  assert.equal("sub" in first, false);
  login.sandbox.clock.advance(3_600_000);
  const refreshed = await login.sandbox.refresh("v2", text(json.refresh_token));
  const second = jwtClaims(text(refreshed.json.access_token)) ?? {};
  assert.deepEqual([second.auth_id, second.auth_time], [first.auth_id, first.auth_time]);

  login.sandbox.sandbox.behaviour.set({ auth_claims_change_on_refresh: true });
  const changed = await login.sandbox.refresh("v2", text(refreshed.json.refresh_token));
  assert.notEqual(jwtClaims(text(changed.json.access_token))?.auth_id, first.auth_id);
  login.sandbox.sandbox.behaviour.set({ auth_claims: false });
  const without = await login.sandbox.refresh("v2", text(changed.json.refresh_token));
  assert.equal("auth_id" in (jwtClaims(text(without.json.access_token)) ?? {}), false);
});

Deno.test("the page of a user code has a form that agrees and one that declines", async () => {
  for (const decision of ["approve", "deny"]) {
    const login = await Login.begin();
    const path = "/oauth/v1/device/verify";
    const page = await login.sandbox.ask(path, "", { method: "GET", query: { user_code: login.userCode } });
    assert.match(
      page.text,
      new RegExp(`<form method="post" action="${path}">.*name="decision" value="${decision}"`),
    );
    const form = new URLSearchParams({ user_code: login.userCode, decision }).toString();
    assert.equal((await login.sandbox.ask(path, form, { contentType: FORM })).status, 200);
    assert.equal((await login.poll()).json.error, decision === "deny" ? "access_denied" : undefined);
  }
});
