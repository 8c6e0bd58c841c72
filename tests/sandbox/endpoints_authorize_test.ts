import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { type Asked, AskedSandbox, PATHS, text } from "./asked_sandbox.ts";

const CLIENT = { client_id: DEFAULT_SANDBOX_APP.appId, client_secret: DEFAULT_SANDBOX_APP.appSecret };
const FORM = "application/x-www-form-urlencoded";
const REDIRECT = "http://127.0.0.1:9999/callback?a=1#top";
const VERIFIER = "v".repeat(43);
const CHALLENGE = {
  code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
  code_challenge_method: "S256",
};
const QUERY = {
  client_id: CLIENT.client_id,
  response_type: "code",
  redirect_uri: REDIRECT,
  scope: "docx:document offline_access",
  state: `s"<1>`,
};

function open(sandbox: AskedSandbox, query: Record<string, string> = QUERY): Promise<Asked> {
  return sandbox.ask(PATHS.authorize, "", { method: "GET", query });
}

function location(asked: Asked): URL {
  assert.equal(asked.status, 302);
  return new URL(text(asked.headers.Location));
}

/** The hidden fields of the form at `index`, as a browser reads them. */
function fieldsOf(page: string, index: number): URLSearchParams {
  const form = [...page.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/g)].at(index)?.[2] ?? "";
  const fields = [...form.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map((
    [, name = "", value = ""],
  ) => [
    name,
    value.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
  ]);
  return new URLSearchParams(fields);
}

async function code(sandbox: AskedSandbox, more: Record<string, string> = {}): Promise<string> {
  sandbox.sandbox.consent.set({ mode: "approve", user: "Ada" });
  return location(await open(sandbox, { ...QUERY, ...more })).searchParams.get("code") ?? "";
}

function redeem(
  sandbox: AskedSandbox,
  more: Record<string, string>,
  path: "v2" | "v3" = "v2",
): Promise<Asked> {
  return sandbox.ask(PATHS[path], { ...CLIENT, grant_type: "authorization_code", ...more });
}

Deno.test("the first form of the authorize page agrees, and its code brings the pair", async () => {
  const sandbox = new AskedSandbox();
  const page = await open(sandbox);
  assert.match(page.contentType, /^text\/html/);
  assert.doesNotMatch(page.text, /s"<1>/);
  const form = fieldsOf(page.text, 0).toString();
  const back = location(await sandbox.ask(PATHS.authorize, form, { contentType: FORM }));
  assert.equal(back.origin + back.pathname, "http://127.0.0.1:9999/callback");
  assert.deepEqual([back.searchParams.get("a"), back.searchParams.get("state"), back.hash], [
    "1",
    QUERY.state,
    "#top",
  ]);
  const pair = await redeem(sandbox, {
    code: back.searchParams.get("code") ?? "",
    redirect_uri: REDIRECT,
  });
  assert.equal(pair.json.scope, "auth:user.id:read docx:document offline_access");
});

Deno.test("the second form of the authorize page declines", async () => {
  const sandbox = new AskedSandbox();
  const form = fieldsOf((await open(sandbox)).text, 1).toString();
  const { searchParams } = location(await sandbox.ask(PATHS.authorize, form, { contentType: FORM }));
  assert.deepEqual([searchParams.get("error"), searchParams.get("code")], ["access_denied", null]);
});

Deno.test("the oldest entry shows the same page", async () => {
  const sandbox = new AskedSandbox();
  const query = { app_id: CLIENT.client_id, redirect_uri: REDIRECT, state: "1" };
  const page = await sandbox.ask("/open-apis/authen/v1/index", "", { method: "GET", query });
  assert.equal(fieldsOf(page.text, 0).get("client_id"), CLIENT.client_id);
});

Deno.test("the oldest entry asks for every scope of the app that a person can grant, where none is named", async () => {
  const sandbox = new AskedSandbox();
  const { appId, appSecret } = DEFAULT_SANDBOX_APP;
  sandbox.sandbox.apps.put({ appId, appSecret, scopes: ["docx:document", "im:message:send_as_bot"] });
  const open = async (more: Record<string, string>): Promise<string | null> => {
    const query = { app_id: appId, redirect_uri: REDIRECT, ...more };
    const page = await sandbox.ask("/open-apis/authen/v1/index", "", { method: "GET", query });
    return fieldsOf(page.text, 0).get("scope");
  };
  assert.deepEqual([await open({}), await open({ scope: "" })], ["docx:document", ""]);
});

Deno.test.each([
  ["an app that is none", { client_id: "cli_x" }, 20048],
  ["an address that is not registered", { redirect_uri: "https://evil.test/" }, 20029],
  ["an address that is none", { redirect_uri: "callback" }, 20029],
  ["a scope that the app does not have", { scope: "drive:drive" }, 20027],
])("the authorize page says %s on a page, and sends nobody anywhere", async (_, change, errorCode) => {
  const sandbox = new AskedSandbox();
  sandbox.sandbox.consent.set({ mode: "approve", user: "Ada" });
  const page = await open(sandbox, { ...QUERY, ...change });
  assert.deepEqual([page.status, page.headers.Location], [200, undefined]);
  assert.match(page.text, new RegExp(String(errorCode)));
});

Deno.test("an app with redirect URIs of its own takes no other", async () => {
  const sandbox = new AskedSandbox();
  const redirectUris = ["https://app.test/login"];
  sandbox.sandbox.apps.put({ appId: "cli_5a4db0c0000000aa", appSecret: "s", redirectUris });
  const query = { ...QUERY, client_id: "cli_5a4db0c0000000aa" };
  assert.match((await open(sandbox, query)).text, /20029/);
  assert.match((await open(sandbox, { ...query, redirect_uri: "https://app.test/login?x=1" })).text, /<form/);
  assert.match((await open(sandbox, { ...query, redirect_uri: "https://app.test/login/" })).text, /20029/);
});

Deno.test("the page agrees by itself inside the client, unless it is asked for", async () => {
  const sandbox = new AskedSandbox();
  sandbox.sandbox.behaviour.set({ in_client: true });
  assert.equal((await open(sandbox)).status, 302);
  assert.equal((await open(sandbox, { ...QUERY, prompt: "consent" })).status, 200);
});

Deno.test.each([["v2"], ["v3"]] as const)(
  "a code with a challenge needs its verifier on %s",
  async (path) => {
    const sandbox = new AskedSandbox();
    const bound = await code(sandbox, CHALLENGE);
    assert.equal((await redeem(sandbox, { code: bound }, path)).json.code, 20049);
    const wrong = { code: bound, code_verifier: "w".repeat(43) };
    assert.equal((await redeem(sandbox, wrong, path)).json.code, 20049);
    assert.equal((await redeem(sandbox, { code: bound, code_verifier: VERIFIER }, path)).json.code, 0);
  },
);

Deno.test("a challenge without its method is the verifier itself", async () => {
  const sandbox = new AskedSandbox();
  const bound = await code(sandbox, { code_challenge: VERIFIER });
  assert.equal((await redeem(sandbox, { code: bound, code_verifier: VERIFIER })).json.code, 0);
});

Deno.test("v3 refuses codes with a challenge where that is switched off, and v2 takes them", async () => {
  const sandbox = new AskedSandbox();
  sandbox.sandbox.behaviour.set({ v3_pkce: false });
  const bound = { code: await code(sandbox, CHALLENGE), code_verifier: VERIFIER };
  assert.equal((await redeem(sandbox, bound, "v3")).json.code, 20049);
  assert.equal((await redeem(sandbox, bound, "v2")).json.code, 0);
});

Deno.test("a code is refused beside another redirect URI", async () => {
  const sandbox = new AskedSandbox();
  const asked = { code: await code(sandbox), redirect_uri: "http://localhost:9999/callback?a=1#top" };
  assert.equal((await redeem(sandbox, asked)).json.code, 20071);
});

Deno.test("a code that is presented again ends what it has brought, where that is switched on", async () => {
  for (const isOn of [false, true]) {
    const sandbox = new AskedSandbox();
    sandbox.sandbox.behaviour.set({ code_reuse_revokes: isOn });
    const asked = { code: await code(sandbox) };
    const { json } = await redeem(sandbox, asked);
    assert.equal((await redeem(sandbox, asked)).json.code, 20065);
    assert.equal((await sandbox.refresh("v2", text(json.refresh_token))).json.code, isOn ? 20064 : 0);
  }
});
