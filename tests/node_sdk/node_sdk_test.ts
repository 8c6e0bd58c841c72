/**
 * Feishu's own SDK for Node, unchanged, against the sandbox. What it accepts from the sandbox and what it does with it is
 * the evidence that the sandbox speaks Feishu's protocol; the tests with a renamed field show that it would notice.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  Client,
  type EventDispatcher,
  LoggerLevel,
  withUserAccessToken,
  WSClient,
} from "@larksuiteoapi/node-sdk";
import { DEFAULT_SANDBOX_APP, SANDBOX_APPS } from "../../src/sandbox/sandbox_apps.ts";
import { PATHS } from "../sandbox/asked_sandbox.ts";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { RenamingProxy } from "./renaming_proxy.ts";

type SdkCache = NonNullable<ConstructorParameters<typeof Client>[0]["cache"]>;
type CacheKey = Parameters<SdkCache["get"]>[0];

/** The SDK's own cache is one for the process, and not kept apart by domain: each test needs one of its own. */
class TestCache implements SdkCache {
  readonly #values = new Map<string, unknown>();

  get(key: CacheKey, options?: { namespace?: string }): Promise<unknown> {
    return Promise.resolve(this.#values.get(`${options?.namespace}/${String(key)}`));
  }

  set(
    key: CacheKey,
    value: unknown,
    _expiredTime?: number,
    options?: { namespace?: string },
  ): Promise<boolean> {
    this.#values.set(`${options?.namespace}/${String(key)}`, value);
    return Promise.resolve(true);
  }
}

const SILENT = { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore };

function ignore(): void {}

function createClient(url: string, appSecret: string = DEFAULT_SANDBOX_APP.appSecret): Client {
  return new Client({
    appId: DEFAULT_SANDBOX_APP.appId,
    appSecret,
    domain: url,
    oauthBaseUrl: url,
    cache: new TestCache(),
    logger: SILENT,
    loggerLevel: LoggerLevel.error,
  });
}

Deno.test.each(SANDBOX_APPS)(
  "WSClient takes the app id $appId for one of Feishu's",
  async ({ appId, appSecret }) => {
    const said: unknown[] = [];
    const note = (...parts: unknown[]): void => {
      said.push(...parts.flat());
    };
    const client = new WSClient({
      appId,
      appSecret,
      // Nobody listens there: what is looked at comes before.
      domain: "http://127.0.0.1:9",
      autoReconnect: false,
      logger: { ...SILENT, error: note, warn: note },
      loggerLevel: LoggerLevel.warn,
    });
    await client.start({ eventDispatcher: undefined as unknown as EventDispatcher });
    client.close();
    assert.match(said.join(" "), /client need to start with a eventDispatcher/);
    assert.doesNotMatch(said.join(" "), /invalid appId/);
  },
);

Deno.test("Client calls an API with the tenant token it gets", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { json } = await sandbox.send("POST", "/_sandbox/logins", { generation: "v2" });
  const answer = await createClient(sandbox.url).contact.scope.list();
  assert.equal(answer.code, 0);
  assert.deepEqual(answer.data?.user_ids, [json.open_id]);
  assert.deepEqual((await sandbox.calls()).map(({ path, outcome }) => [path, outcome]), [
    [PATHS.tenantToken, "accepted"],
    [PATHS.scopes, "accepted"],
  ]);
});

Deno.test("Client keeps the tenant token for its next call", async () => {
  await using sandbox = await ListeningSandbox.start();
  const client = createClient(sandbox.url);
  await client.contact.scope.list();
  await client.contact.scope.list();
  assert.equal((await sandbox.calls()).filter(({ path }) => path === PATHS.tenantToken).length, 1);
});

Deno.test("Client.auth gets an app token", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { appId, appSecret } = DEFAULT_SANDBOX_APP;
  const answer = await createClient(sandbox.url).auth.v3.appAccessToken.internal({
    data: { app_id: appId, app_secret: appSecret },
  });
  assert.equal(answer.code, 0);
  assert.equal((await sandbox.outcomes()).at(-1)?.[0], "accepted");
});

Deno.test("Client reports the code and msg of a refused app secret", async () => {
  await using sandbox = await ListeningSandbox.start();
  await assert.rejects(
    createClient(sandbox.url, "wrong").contact.scope.list(),
    /failed to get tenant_access_token, code: 10014, msg: app secret invalid/,
  );
});

Deno.test("Client.userAccessToken redeems a code, and its token is the user's", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { json } = await sandbox.send("POST", "/_sandbox/logins", { generation: "oidc" });
  const client = createClient(sandbox.url);
  await client.userAccessToken.initWithCode({ ada: String(json.code) });
  const token = await client.userAccessToken.get("ada");
  const info = await client.authen.userInfo.get({}, withUserAccessToken(token ?? ""));
  assert.equal(info.data?.open_id, json.open_id);
});

Deno.test("Client.userAccessToken refreshes an expired token through oidc, twice in a row", async () => {
  await using sandbox = await ListeningSandbox.start();
  const client = createClient(sandbox.url);
  const { json } = await sandbox.send("POST", "/_sandbox/logins", { generation: "oidc" });
  await client.userAccessToken.update({ ada: { refreshToken: String(json.refresh_token) } });
  const first = await client.userAccessToken.get("ada");
  await client.userAccessToken.update({ ada: { expiredTime: 1 } });
  const second = await client.userAccessToken.get("ada");
  assert.notEqual(second, first);
  const info = await client.authen.userInfo.get({}, withUserAccessToken(second ?? ""));
  assert.equal(info.data?.open_id, json.open_id);
  const refreshes = (await sandbox.calls()).filter(({ path }) => path === PATHS.oidc);
  assert.deepEqual(refreshes.map(({ outcome }) => outcome), ["accepted", "accepted"]);
});

Deno.test("Client.authen refreshes through v1", async () => {
  await using sandbox = await ListeningSandbox.start();
  const refresh_token = await sandbox.logIn("v1");
  const answer = await createClient(sandbox.url).authen.refreshAccessToken.create({
    data: { grant_type: "refresh_token", refresh_token },
  });
  assert.equal(answer.code, 0);
  assert.match(answer.data?.access_token ?? "", /^u-/);
  assert.match(answer.data?.refresh_token ?? "", /^ur-/);
});

Deno.test("Client.accessToken redeems a code and refreshes through v3", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { json } = await sandbox.send("POST", "/_sandbox/logins", { generation: "v3" });
  const client = createClient(sandbox.url);
  const redeemed = await client.accessToken.retrieveByAuthorizationCode({ code: String(json.code) });
  const refreshed = await client.accessToken.refresh({ refreshToken: redeemed.refreshToken ?? "" });
  assert.equal(refreshed.expiresIn, 7200);
  assert.equal(refreshed.refreshTokenExpiresIn, 604_800);
  const info = await client.authen.userInfo.get({}, withUserAccessToken(refreshed.accessToken ?? ""));
  assert.equal(info.data?.open_id, json.open_id);
});

Deno.test("Client.accessToken redeems the code of the authorize page by PKCE, and its token opens any API", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.send("POST", "/_sandbox/consent", { mode: "approve" });
  const codeVerifier = "v".repeat(43);
  const redirectUri = "http://127.0.0.1:9/callback";
  const query = new URLSearchParams({
    client_id: DEFAULT_SANDBOX_APP.appId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "docx:document offline_access",
    code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const page = await sandbox.send("GET", `${PATHS.authorize}?${query}`, undefined, { redirect: "manual" });
  const code = new URL(page.headers.get("location") ?? "").searchParams.get("code") ?? "";

  const client = createClient(sandbox.url);
  const redeemed = await client.accessToken.retrieveByAuthorizationCode({ code, redirectUri, codeVerifier });
  assert.equal(redeemed.scope, "auth:user.id:read docx:document offline_access");
  const accessToken = redeemed.accessToken ?? "";
  const read = (): Promise<{ code?: number | undefined; data?: unknown }> =>
    client.docx.document.rawContent({ path: { document_id: "doxcn1" } }, withUserAccessToken(accessToken));
  const { code: answered, data } = await read();
  assert.deepEqual([answered, data], [0, {}]);
  await sandbox.send("POST", "/_sandbox/revoke", { access_token: accessToken });
  await assert.rejects(read(), (error: { response?: { data?: { code?: number } } }) => {
    assert.equal(error.response?.data?.code, 99991668);
    return true;
  });
});

Deno.test("Client reads about its app and its bot, and calls any API, with the tenant token it gets", async () => {
  await using sandbox = await ListeningSandbox.start();
  const client = createClient(sandbox.url);
  const { data } = await client.application.application.get({
    path: { app_id: "me" },
    params: { lang: "en_us" },
  });
  assert.equal(data?.app?.app_id, DEFAULT_SANDBOX_APP.appId);
  assert.deepEqual(data?.app?.scopes?.map(({ scope }) => scope), DEFAULT_SANDBOX_APP.scopes);
  const info = await client.request({ method: "GET", url: "/open-apis/bot/v3/info" });
  assert.equal(info.bot.activate_status, 2);
  const sent = await client.im.message.create({
    params: { receive_id_type: "open_id" },
    data: { receive_id: "ou_x", msg_type: "text", content: '{"text":"hello"}' },
  });
  assert.deepEqual([sent.code, sent.data], [0, {}]);
  assert.deepEqual((await sandbox.calls()).map(({ outcome }) => outcome), Array(4).fill("accepted"));
});

Deno.test("Client.accessToken reports the code and error of a spent refresh token", async () => {
  await using sandbox = await ListeningSandbox.start();
  const refreshToken = await sandbox.logIn("v3");
  const client = createClient(sandbox.url);
  await client.accessToken.refresh({ refreshToken });
  await assert.rejects(client.accessToken.refresh({ refreshToken }), {
    name: "AccessTokenError",
    statusCode: 400,
    code: 20064,
    error: "invalid_grant",
  });
});

Deno.test("Client fails when the tenant token has another name", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using renaming = new RenamingProxy(sandbox.url, "tenant_access_token", "tenant_token");
  await assert.rejects(createClient(renaming.url).contact.scope.list(), /failed to get tenant_access_token/);
});

Deno.test("Client.userAccessToken fails when the oidc answer is not nested in data", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using renaming = new RenamingProxy(sandbox.url, "data", "result");
  const client = createClient(renaming.url);
  await client.userAccessToken.update({ ada: { refreshToken: await sandbox.logIn("oidc") } });
  assert.equal(await client.userAccessToken.get("ada"), undefined);
});

Deno.test("Client.accessToken fails when the v3 access token has another name", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using renaming = new RenamingProxy(sandbox.url, "access_token", "token");
  const refreshToken = await sandbox.logIn("v3");
  await assert.rejects(
    createClient(renaming.url).accessToken.refresh({ refreshToken }),
    /missing access_token/,
  );
});
