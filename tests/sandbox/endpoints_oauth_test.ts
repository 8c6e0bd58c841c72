import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { type Asked, AskedSandbox, PATHS, SCOPE, text } from "./asked_sandbox.ts";

const OAUTH = [["v2"], ["v3"]] as const;
const FORM = "application/x-www-form-urlencoded";
const CLIENT = { client_id: DEFAULT_SANDBOX_APP.appId, client_secret: DEFAULT_SANDBOX_APP.appSecret };
const BASIC = `Basic ${Buffer.from(`${CLIENT.client_id}:${CLIENT.client_secret}`).toString("base64")}`;

function assertRefused(asked: Asked, status: number, code: number, error: string): void {
  assert.deepEqual([asked.status, asked.json.code, asked.json.error], [status, code, error]);
  assert.deepEqual(Object.keys(asked.json), ["error", "error_description", "code"]);
}

Deno.test.each(OAUTH)("answerOauthToken() gives a flat pair without msg on %s", async (generation) => {
  const sandbox = new AskedSandbox();
  const { refresh } = await sandbox.logIn(generation);
  const asked = await sandbox.refresh(generation, refresh?.token);
  const { access_token, refresh_token, ...rest } = asked.json;
  assert.equal(asked.status, 200);
  assert.match(text(access_token), /^eyJ/);
  assert.match(text(refresh_token), /^eyJ/);
  assert.deepEqual(rest, {
    code: 0,
    expires_in: 7200,
    refresh_token_expires_in: 604_800,
    scope: SCOPE,
    token_type: "Bearer",
  });
});

Deno.test.each(OAUTH)("answerOauthToken() reads a form on %s", async (generation) => {
  const sandbox = new AskedSandbox();
  const { refresh } = await sandbox.logIn(generation);
  const form = new URLSearchParams({
    ...CLIENT,
    grant_type: "refresh_token",
    refresh_token: refresh?.token ?? "",
  });
  const asked = await sandbox.ask(PATHS[generation], form.toString(), { contentType: FORM });
  assert.equal(asked.json.code, 0);
});

Deno.test.each(OAUTH)(
  "answerOauthToken() gives no refresh token without offline_access on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const code = sandbox.code(DEFAULT_SANDBOX_APP, "auth:user.id:read");
    const asked = await sandbox.ask(PATHS[generation], { ...CLIENT, grant_type: "authorization_code", code });
    assert.deepEqual(Object.keys(asked.json), ["code", "access_token", "expires_in", "scope", "token_type"]);
  },
);

Deno.test.each(OAUTH)("answerOauthToken() redeems a code once, then says 20065 on %s", async (generation) => {
  const sandbox = new AskedSandbox();
  const body = { ...CLIENT, grant_type: "authorization_code", code: sandbox.code() };
  const first = await sandbox.ask(PATHS[generation], body);
  assert.equal((await sandbox.refresh(generation, text(first.json.refresh_token))).json.code, 0);
  assertRefused(await sandbox.ask(PATHS[generation], body), 400, 20065, "invalid_grant");
});

Deno.test.each(OAUTH)(
  "answerOauthToken() lets one of two simultaneous redemptions through on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const body = { ...CLIENT, grant_type: "authorization_code", code: sandbox.code() };
    const both = await Promise.all([1, 2].map(() => sandbox.ask(PATHS[generation], body)));
    assert.deepEqual(new Set(both.map(({ json }) => json.code)), new Set([0, 20065]));
  },
);

Deno.test.each(OAUTH)(
  "answerOauthToken() refuses unknown, expired and foreign codes on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const redeem = (code: string): Promise<Asked> =>
      sandbox.ask(PATHS[generation], { ...CLIENT, grant_type: "authorization_code", code });
    assertRefused(await redeem("unknown"), 400, 20003, "invalid_grant");
    assertRefused(await redeem(sandbox.code(FOREIGN_SANDBOX_APP)), 400, 20024, "invalid_grant");
    const code = sandbox.code();
    sandbox.clock.advance(300_000);
    assertRefused(await redeem(code), 400, 20004, "invalid_grant");
  },
);

Deno.test("answerOauthToken() refuses a verifier for a code without challenge with 20049 on v3, ignores it on v2", async () => {
  const sandbox = new AskedSandbox();
  const body = {
    ...CLIENT,
    grant_type: "authorization_code",
    code: sandbox.code(),
    code_verifier: "v".repeat(43),
  };
  assertRefused(await sandbox.ask(PATHS.v3, body), 400, 20049, "invalid_grant");
  assert.equal((await sandbox.ask(PATHS.v2, body)).json.code, 0);
});

Deno.test.each(OAUTH)("answerOauthToken() refuses a malformed body with 20063 on %s", async (generation) => {
  assertRefused(await new AskedSandbox().ask(PATHS[generation], "{"), 400, 20063, "invalid_request");
});

Deno.test.each(OAUTH)("answerOauthToken() refuses missing fields with 20001 on %s", async (generation) => {
  const sandbox = new AskedSandbox();
  for (
    const body of [
      { ...CLIENT },
      { ...CLIENT, grant_type: "refresh_token" },
      { ...CLIENT, grant_type: "authorization_code" },
      { client_id: CLIENT.client_id, grant_type: "refresh_token", refresh_token: "x" },
      { client_secret: CLIENT.client_secret, grant_type: "refresh_token", refresh_token: "x" },
    ]
  ) assertRefused(await sandbox.ask(PATHS[generation], body), 400, 20001, "invalid_request");
});

Deno.test.each(OAUTH)(
  "answerOauthToken() refuses wrong clients with 20002 and 20048 on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const grant = { grant_type: "refresh_token", refresh_token: "x" };
    assertRefused(
      await sandbox.ask(PATHS[generation], { ...CLIENT, ...grant, client_secret: "wrong" }),
      400,
      20002,
      "invalid_client",
    );
    assertRefused(
      await sandbox.ask(PATHS[generation], { ...CLIENT, ...grant, client_id: "cli_nobody" }),
      400,
      20048,
      "invalid_client",
    );
  },
);

Deno.test.each(OAUTH)(
  "answerOauthToken() refuses another grant_type with 20036 on %s",
  async (generation) => {
    assertRefused(
      await new AskedSandbox().ask(PATHS[generation], { ...CLIENT, grant_type: "password" }),
      400,
      20036,
      "unsupported_grant_type",
    );
  },
);

Deno.test.each(OAUTH)("answerOauthToken() narrows the scope for one pair only on %s", async (generation) => {
  const sandbox = new AskedSandbox();
  const { refresh } = await sandbox.logIn(generation);
  const body = { ...CLIENT, grant_type: "refresh_token" };
  const narrow = await sandbox.ask(PATHS[generation], {
    ...body,
    refresh_token: refresh?.token,
    scope: "offline_access",
  });
  assert.equal(narrow.json.scope, "offline_access");
  const wide = await sandbox.ask(PATHS[generation], { ...body, refresh_token: narrow.json.refresh_token });
  assert.equal(wide.json.scope, SCOPE);
});

Deno.test.each(OAUTH)(
  "answerOauthToken() refuses repeated and ungranted scopes and spends nothing on %s",
  async (generation) => {
    const sandbox = new AskedSandbox();
    const { refresh } = await sandbox.logIn(generation);
    const body = { ...CLIENT, grant_type: "refresh_token", refresh_token: refresh?.token };
    const repeated = await sandbox.ask(PATHS[generation], {
      ...body,
      scope: "offline_access offline_access",
    });
    assertRefused(repeated, 400, 20067, "invalid_scope");
    const ungranted = await sandbox.ask(PATHS[generation], { ...body, scope: "im:message" });
    assertRefused(ungranted, 400, 20068, "invalid_scope");
    assert.equal((await sandbox.refresh(generation, refresh?.token)).json.code, 0);
  },
);

Deno.test("answerOauthToken() takes the client's secret as Basic on v3", async () => {
  const sandbox = new AskedSandbox();
  const { refresh } = await sandbox.logIn("v3");
  const body = { grant_type: "refresh_token", refresh_token: refresh?.token };
  assert.equal((await sandbox.ask(PATHS.v3, body, { authorization: BASIC })).json.code, 0);
});

Deno.test("answerOauthToken() refuses Basic together with a posted secret with 20070 on v3", async () => {
  const body = { ...CLIENT, grant_type: "refresh_token", refresh_token: "x" };
  const asked = await new AskedSandbox().ask(PATHS.v3, body, { authorization: BASIC });
  assertRefused(asked, 400, 20070, "invalid_request");
});

Deno.test("answerOauthToken() gives a tenant token that works for client_credentials on v3", async () => {
  const sandbox = new AskedSandbox();
  const asked = await sandbox.ask(PATHS.v3, { ...CLIENT, grant_type: "client_credentials" });
  const { access_token, ...rest } = asked.json;
  assert.deepEqual(rest, { code: 0, token_type: "Bearer", expires_in: 7200 });
  assert.match(text(access_token), /^eyJ/);
  const used = await sandbox.ask(PATHS.scopes, "", {
    method: "GET",
    authorization: `Bearer ${access_token}`,
  });
  assert.equal(used.json.code, 0);
});

Deno.test("answerOauthToken() refuses client_credentials with 20036 on v2", async () => {
  const asked = await new AskedSandbox().ask(PATHS.v2, { ...CLIENT, grant_type: "client_credentials" });
  assertRefused(asked, 400, 20036, "unsupported_grant_type");
});
