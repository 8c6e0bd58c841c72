import assert from "node:assert/strict";
import { childCommand } from "../../../harness/child_command.ts";
import { DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP } from "../../../src/sandbox/sandbox_apps.ts";
import { errorCode } from "../../clients/expected_answers.ts";
import { hostEnvironment } from "../../clients/host_environment.ts";
import { PROGRAM_ARGS } from "../../clients/running_server.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { type Env, ServerProcess } from "../server_process.ts";

const APP = { FEISHU_APP_ID: DEFAULT_SANDBOX_APP.appId, FEISHU_APP_SECRET: DEFAULT_SANDBOX_APP.appSecret };
const PUBLIC_HOST = "tokens.example.com";
const ANYWHERE = { FEISHU_TOKEN_HOST: "0.0.0.0", PORT: "0" };

function headersOf({ appId, appSecret }: { readonly appId: string; readonly appSecret: string }): Env {
  return { "x-feishu-app-id": appId, "x-feishu-app-secret": appSecret };
}

/** Runs the program until it ends by itself. */
async function refusedStart(env: Env): Promise<{ readonly code: number; readonly stderr: string }> {
  await using home = await TempFolder.make();
  const { code, stderr } = await childCommand(Deno.execPath(), {
    args: [...PROGRAM_ARGS, "--kv", ":memory:", "--log-format", "json"],
    env: { ...await hostEnvironment(home.path), ...env },
    clearEnv: true,
    stdin: "null",
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("a server on every address serves each session with its own app, under a listed name alone", async () => {
  await using server = await ServerProcess.start({
    ...ANYWHERE,
    FEISHU_TOKEN_ALLOWED_HOSTS: `Other.example.com, ${PUBLIC_HOST}`,
  });
  const listed = { host: PUBLIC_HOST };
  const own = await server.call({ ...listed, ...headersOf(DEFAULT_SANDBOX_APP) });
  const again = await server.call({ ...listed, ...headersOf(DEFAULT_SANDBOX_APP) });
  const foreign = await server.call({ ...listed, ...headersOf(FOREIGN_SANDBOX_APP) });
  assert.match(own.text, /"app_access_token":"t-/);
  assert.equal(tokenIn(again.text), tokenIn(own.text));
  assert.notEqual(tokenIn(foreign.text), tokenIn(own.text));

  const thief = await server.call({
    ...listed,
    ...headersOf({ ...DEFAULT_SANDBOX_APP, appSecret: "plantedWrongSecret" }),
  });
  assert.equal(errorCode(resultOf(thief.text)), "credentials_refused");
  const nobody = await server.call(listed);
  assert.equal(errorCode(resultOf(nobody.text)), "credentials_missing");
  const unlisted = await server.call({ host: "evil.com", ...headersOf(DEFAULT_SANDBOX_APP) });
  assert.equal(unlisted.status, 403);

  const secrets = [
    DEFAULT_SANDBOX_APP.appSecret,
    FOREIGN_SANDBOX_APP.appSecret,
    "plantedWrongSecret",
    tokenIn(own.text),
  ];
  assert.deepEqual(secrets.filter((secret) => server.log().includes(secret)), []);
});

Deno.test("a server answers pages of a listed origin, and their preflights", async () => {
  await using server = await ServerProcess.start({
    ...APP,
    PORT: "0",
    FEISHU_TOKEN_ALLOWED_ORIGINS: "https://app.example.com",
  });
  assert.deepEqual(await preflight(server, "https://app.example.com"), [204, "https://app.example.com"]);
  assert.deepEqual(await preflight(server, "https://evil.com"), [403, null]);
});

Deno.test.each<[string, Env, number]>([
  ["with app credentials of its own", APP, 403],
  ["without", {}, 204],
])(
  "a server %s answers the Inspector's page, and one of another port accordingly",
  async (_case, env, status) => {
    await using server = await ServerProcess.start({ ...env, PORT: "0" });
    const [inspector, other] = ["http://localhost:6274", "http://localhost:3000"];
    assert.deepEqual(await preflight(server, inspector), [204, inspector]);
    assert.deepEqual(await preflight(server, other), [status, status === 204 ? other : null]);
  },
);

/** Asks as a browser does for a page of `origin`; the status, and the origin that may read answers. */
async function preflight(server: ServerProcess, origin: string): Promise<[number, string | null]> {
  const response = await fetch(`http://127.0.0.1:${server.port}/mcp`, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST" },
  });
  await response.body?.cancel();
  return [response.status, response.headers.get("access-control-allow-origin")];
}

Deno.test("a server refuses headers that are sent twice, or are not ASCII", async () => {
  await using server = await ServerProcess.start({ PORT: "0" });
  const twice = await server.call({
    ...headersOf(DEFAULT_SANDBOX_APP),
    "X-Feishu-App-Secret": "planted",
  });
  const unicode = await server.call({ ...headersOf(DEFAULT_SANDBOX_APP), "x-feishu-app-id": "cli_plantéd" });
  const control = await server.call({
    ...headersOf(DEFAULT_SANDBOX_APP),
    "x-feishu-app-id": "cli_\u0001planted",
  });
  assert.deepEqual([twice.status, unicode.status, control.status], [422, 422, 400]);
  assert.match(twice.text, /X-Feishu-App-Secret must be given once/);
  assert.match(unicode.text, /X-Feishu-App-Id must consist of ASCII characters/);
  assert.doesNotMatch(`${twice.text}${unicode.text}${control.text}${server.log()}`, /planted|sandboxSecret/);
});

Deno.test("a server survives a config of 1 MB", async () => {
  await using server = await ServerProcess.start({ ...APP, PORT: "0" });
  const { status } = await server.call({}, `?config=${"A".repeat(1 << 20)}`);
  assert.ok(status >= 400 && status < 500, String(status));
  assert.equal((await server.call({})).status, 200);
});

Deno.test("a server whose telemetry is on refuses secrets in the query, and takes them in headers", async () => {
  const { appId, appSecret } = DEFAULT_SANDBOX_APP;
  await using server = await ServerProcess.start({
    PORT: "0",
    OTEL_DENO: "true",
    // Nothing listens there: what it would export is lost.
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
  });
  const refused = await server.call({}, `?app_id=${appId}&app_secret=${appSecret}`);
  assert.equal(refused.status, 422);
  assert.match(refused.text, /X-Feishu-App-Id and X-Feishu-App-Secret/);
  const taken = await server.call(headersOf(DEFAULT_SANDBOX_APP));
  assert.match(taken.text, /"app_access_token":"t-/);
});

Deno.test.each<[string, Env, RegExp]>([
  ["no name is listed on every address", ANYWHERE, /FEISHU_TOKEN_ALLOWED_HOSTS/],
  [
    "its own app is served under a listed name",
    { ...APP, PORT: "0", FEISHU_TOKEN_ALLOWED_HOSTS: PUBLIC_HOST },
    /under a name of FEISHU_TOKEN_ALLOWED_HOSTS gets tokens of the configured app/,
  ],
  [
    "it has no app of its own",
    { PORT: "0" },
    /no app credentials yet: .*X-Feishu-App-Id and X-Feishu-App-Secret/,
  ],
])("a server warns when %s", async (_case, env, warning) => {
  await using server = await ServerProcess.start(env);
  const warnings = server.log().split("\n").filter((line) => line.includes('"level":"warn"'));
  assert.match(warnings.join("\n"), warning);
});

Deno.test("a server does not warn when there is nothing to say", async () => {
  await using server = await ServerProcess.start({ ...APP, PORT: "0" });
  assert.doesNotMatch(server.log(), /"level":"warn"/);
});

Deno.test.each<[string, Env]>([
  ["asked for", { ...APP, ...ANYWHERE }],
  ["forced by the platform", { ...APP, PORT: "0", DENO_SERVE_ADDRESS: "tcp:0.0.0.0:0" }],
])(
  "a server with credentials in its environment does not start on every address when that is %s",
  async (_case, env) => {
    const { code, stderr } = await refusedStart(env);
    assert.equal(code, 2);
    assert.match(stderr, /Refusing to listen on 0\.0\.0\.0:\d+: .*X-Feishu-App-Id/);
  },
);

Deno.test("a server with keys of callers serves its own app on every address, to whom has one, without a warning of that", async () => {
  const key = "planted-key-0123456789abcdef-0123456789";
  await using server = await ServerProcess.start({
    ...APP,
    ...ANYWHERE,
    FEISHU_TOKEN_ALLOWED_HOSTS: PUBLIC_HOST,
    FEISHU_TOKEN_CALLER_KEYS: `alice=${key}`,
  });
  const listed = { host: PUBLIC_HOST };
  assert.match(
    (await server.call({ ...listed, authorization: `Bearer ${key}` })).text,
    /"app_access_token":"t-/,
  );
  for (const head of [listed, { ...listed, ...headersOf(DEFAULT_SANDBOX_APP) }]) {
    const { status, text } = await server.call(head);
    assert.equal(status, 401);
    assert.doesNotMatch(text, /app_access_token|cli_/);
  }
  assert.equal((await server.call({ host: "evil.com", authorization: `Bearer ${key}` })).status, 403);
  assert.doesNotMatch(server.log(), /planted|"level":"warn".*FEISHU_TOKEN_ALLOWED_HOSTS/);
});

function resultOf(text: string): unknown {
  return JSON.parse(text).result;
}

function tokenIn(text: string): string {
  return /"app_access_token":"([^"]+)"/.exec(text)?.[1] ?? "";
}
