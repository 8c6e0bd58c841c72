import assert from "node:assert/strict";
import { callFields } from "../../src/sandbox/call_fields.ts";
import { DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { type Asked, AskedSandbox, dataOf } from "./asked_sandbox.ts";

const DOCUMENT = "/open-apis/docx/v1/documents/doxcn1/raw_content";
const BOT = "/open-apis/bot/v3/info";

function ask(sandbox: AskedSandbox, path: string, authorization?: string, method = "GET"): Promise<Asked> {
  return sandbox.ask(path, "{}", { method, ...(authorization === undefined ? {} : { authorization }) });
}

async function userAuthorization(sandbox: AskedSandbox): Promise<string> {
  return `Bearer ${(await sandbox.logIn("v2")).accessToken}`;
}

function showApp(
  sandbox: AskedSandbox,
  id: string,
  authorization = sandbox.appAuthorization(),
): Promise<Asked> {
  return ask(sandbox, `/open-apis/application/v6/applications/${id}`, authorization);
}

Deno.test.each([["GET"], ["POST"], ["PUT"], ["PATCH"], ["DELETE"]])(
  "answerAnyApi() lets live tokens of users and apps pass to an API that it does not know, on %s",
  async (method) => {
    const sandbox = new AskedSandbox();
    for (const authorization of [sandbox.appAuthorization(), await userAuthorization(sandbox)]) {
      for (const path of [DOCUMENT, "/open-apis/im/v1/messages/", "/open-apis/authentic/v1"]) {
        const { status, json } = await ask(sandbox, path, authorization, method);
        assert.deepEqual([status, json], [200, { code: 0, msg: "success", data: {} }]);
      }
    }
  },
);

Deno.test("answerAnyApi() refuses as the gateway does: by the kind of the token, known or not", async () => {
  const sandbox = new AskedSandbox();
  const expired = [sandbox.appAuthorization(), await userAuthorization(sandbox)];
  sandbox.clock.advance(7_200_000);
  const codes = [];
  for (const authorization of [undefined, ...expired, "Bearer t-unknown", "Bearer u-unknown", "Bearer eyJ"]) {
    const { status, json } = await ask(sandbox, DOCUMENT, authorization);
    assert.equal(status, 400);
    codes.push(json.code);
  }
  assert.deepEqual(codes, [99991661, 99991663, 99991677, 99991663, 99991668, 99991668]);
});

Deno.test.each([
  ["GET", "/open-apis/authen/v1/nothing"],
  ["GET", "/open-apis/auth/v3/nothing"],
  ["GET", "/open-apis/auth"],
  ["GET", "/open-apis/"],
  ["GET", "/open-apis"],
  ["GET", "/openapis/docx/v1/documents"],
  ["OPTIONS", "/open-apis/docx/v1/documents"],
])("answerAnyApi() is not asked for %s %s", async (method, path) => {
  const sandbox = new AskedSandbox();
  assert.equal((await ask(sandbox, path, sandbox.appAuthorization(), method)).status, 404);
});

Deno.test("the log line of a call to an unknown API has no word of its path", async () => {
  const sandbox = new AskedSandbox();
  await ask(sandbox, DOCUMENT, sandbox.appAuthorization());
  await showApp(sandbox, "cli_secret");
  const [any, app] = sandbox.sandbox.calls.view().map((call) => callFields(sandbox.sandbox, call));
  assert.deepEqual([any?.path, app?.path], [
    "/open-apis/*",
    "/open-apis/application/v6/applications/:app_id",
  ]);
});

Deno.test.each([["me"], [DEFAULT_SANDBOX_APP.appId], [DEFAULT_SANDBOX_APP.formerAppId]])(
  "showApplication() shows the app of the token under %s",
  async (id) => {
    const { appId, name, scopes } = DEFAULT_SANDBOX_APP;
    const { app } = dataOf(await showApp(new AskedSandbox(), id)) as { app: Record<string, unknown> };
    assert.deepEqual([app.app_id, app.app_name, app.status], [appId, name, 1]);
    const views = app.scopes as { scope: string }[];
    assert.deepEqual(views.map(({ scope }) => scope), scopes);
    assert.deepEqual(views[0], {
      scope: "offline_access",
      description: "Scope offline_access of the sandbox",
      level: 1,
      token_types: ["user"],
    });
  },
);

Deno.test("showApplication() shows the scopes that are enabled now, with the tokens that may use them", async () => {
  const sandbox = new AskedSandbox();
  const { appId, appSecret } = DEFAULT_SANDBOX_APP;
  const scopes = ["docx:document", "im:message:send_as_bot"];
  sandbox.sandbox.apps.put({ appId, appSecret, scopes });
  const { app } = dataOf(await showApp(sandbox, "me")) as { app: { scopes: Record<string, unknown>[] } };
  assert.deepEqual(app.scopes.map(({ scope, token_types }) => [scope, token_types]), [
    ["docx:document", ["user", "tenant"]],
    ["im:message:send_as_bot", ["tenant"]],
  ]);
});

Deno.test("showApplication() refuses another app with 210508, one that is none with 210506, users with 99991663", async () => {
  const sandbox = new AskedSandbox();
  const answers = [
    await showApp(sandbox, FOREIGN_SANDBOX_APP.appId),
    await showApp(sandbox, "cli_x"),
    await showApp(sandbox, "me", await userAuthorization(sandbox)),
  ];
  assert.deepEqual(answers.map(({ status, json }) => [status, json.code]), [
    [400, 210508],
    [400, 210506],
    [400, 99991663],
  ]);
});

Deno.test("showBot() shows the bot of the app, who is no user", async () => {
  const sandbox = new AskedSandbox();
  const { json } = await ask(sandbox, BOT, sandbox.appAuthorization());
  const { open_id, avatar_url, ...rest } = json.bot as Record<string, unknown>;
  assert.deepEqual([json.code, json.msg, rest], [0, "ok", {
    activate_status: 2,
    app_name: "Sandbox app",
    ip_white_list: [],
  }]);
  assert.match(String(open_id), /^ou_[0-9a-f]{32}$/);
  assert.match(String(avatar_url), /^https:/);
  const other = await ask(sandbox, BOT, sandbox.appAuthorization(FOREIGN_SANDBOX_APP));
  assert.notEqual((other.json.bot as Record<string, unknown>).open_id, open_id);
  assert.equal((await ask(sandbox, BOT, await userAuthorization(sandbox))).json.code, 99991663);
});
