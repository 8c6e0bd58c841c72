import assert from "node:assert/strict";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { errorCode } from "../clients/expected_answers.ts";
import { filesUnder } from "./files_under.ts";
import type { Program } from "./program.ts";
import { callTool, getAppToken, refresh, replacementIn } from "./tool_answer.ts";
import { World } from "./world.ts";

const GARBAGE_TOKEN = "ur-plantedGarbageThatFeishuNeverIssued0123456789";
/** Unlike any token that Feishu issues: nothing but being told of it can mask it. */
const GARBAGE_ACCESS_TOKEN = "plantedAccessTokenThatFeishuNeverIssued";
const WRONG_SECRET = "plantedSecretOfNobody0123456789";
const SERVER_KEY = "cGxhbnRlZCBzZXJ2ZXIga2V5IG9mIDMyIGJ5dGVzISE=";
const REFRESH = "refresh_feishu_user_token";
const REPORT = "report_feishu_token_rejected";

/** Has every kind of call answered, and some refused. What must be seen nowhere. */
async function useAll(world: World, server: Program): Promise<string[]> {
  const url = await server.listens();
  const first = await world.feishu.logIn();
  const { app_access_token } = await getAppToken(url);
  const second = await refresh(url, first);
  const refused = await callTool(url, REFRESH, { refresh_token: GARBAGE_TOKEN });
  assert.equal(errorCode(refused), "refresh_token_invalid");
  assert.equal(errorCode(await callTool(url, REFRESH, { refresh_token: "two words" })), "input_invalid");
  await world.feishu.revoke(app_access_token);
  const replaced = replacementIn(await callTool(url, REPORT, { token: app_access_token }));
  const third = replacementIn(
    await callTool(url, REPORT, { token: second.access_token, refresh_token: second.refresh_token }),
  );
  assert.equal(errorCode(await callTool(url, REPORT, { token: GARBAGE_ACCESS_TOKEN })), "token_unknown");
  const tokens = [app_access_token, first, second.refresh_token, second.access_token];
  return [...tokens, replaced.access_token, third.access_token, third.refresh_token ?? ""];
}

async function commandLine(pid: number): Promise<string> {
  const { stdout } = await new Deno.Command("ps", { args: ["-ww", "-o", "args=", "-p", String(pid)] })
    .output();
  return new TextDecoder().decode(stdout);
}

/** Which of `secrets` stand in `text`. */
function shownIn(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => text.includes(secret));
}

Deno.test.each<[string, Record<string, string>]>([
  ["its own key file", {}],
  ["a key in the environment", { FEISHU_TOKEN_KEY: SERVER_KEY }],
])("main.ts shows no secret in log, files or command line at debug level with %s", async (_case, key) => {
  await using world = await World.create();
  const args = ["--log-level", "debug"];
  const server = await world.start({ env: { ...await world.env(), ...key }, args });
  const secrets = [
    ...await useAll(world, server),
    ...[DEFAULT_SANDBOX_APP.appSecret, GARBAGE_TOKEN, GARBAGE_ACCESS_TOKEN, WRONG_SECRET, SERVER_KEY],
  ];
  const mistaken = await world.start({
    env: { ...await world.env(), ...key, FEISHU_APP_SECRET: WRONG_SECRET },
    args,
  });
  const refused = await callTool(await mistaken.listens(), "get_feishu_app_token");
  assert.equal(errorCode(refused), "credentials_refused");

  for (const program of [server, mistaken]) {
    assert.match(await commandLine(program.pid), /main\.ts/);
    assert.deepEqual(shownIn(await commandLine(program.pid), secrets), []);
    await program.says(/"event":"tool refused"/);
    assert.deepEqual(shownIn(program.stderr, secrets), []);
    assert.equal(program.stdout, "");
  }
  const names = [...secrets, DEFAULT_SANDBOX_APP.appId];
  const files = await filesUnder(world.dataFolder);
  assert.ok(
    files.some(({ bytes }) => bytes.includes("feishu-token")),
    "the keys' prefix, which is no secret",
  );
  for (const { path, bytes } of files) assert.deepEqual(shownIn(path + bytes, names), [], path);
});

Deno.test("main.ts keeps its files to their owner", async () => {
  await using world = await World.create();
  const server = await world.start();
  await useAll(world, server);
  const files = await filesUnder(world.dataFolder);
  assert.ok(files.length > 3);
  for (const { path, isFile, mode } of files) assert.equal(mode, isFile ? 0o600 : 0o700, path);
});

Deno.test("main.ts logs JSON lines on stderr alone, and each line of one call has its request id", async () => {
  await using world = await World.create();
  const server = await world.start({ args: ["--log-level", "debug"] });
  await useAll(world, server);
  server.kill("SIGTERM");
  const { stdout, stderr } = await server.end();
  assert.equal(stdout, "");
  const lines = stderr.trimEnd().split("\n").map((line) => JSON.parse(line));
  for (const { time, level, event } of lines) {
    assert.ok([time, level, event].every((value) => typeof value === "string"));
  }
  const refusal = lines.find(({ event }) => event === "tool refused");
  const call = lines.filter(({ request_id }) => request_id === refusal.request_id);
  assert.deepEqual(call.map(({ event }) => event).slice(-2), ["tool refused", "http request"]);
  const requests = lines.filter(({ event }) => event === "http request");
  assert.equal(new Set(requests.map(({ request_id }) => request_id)).size, requests.length);
});
