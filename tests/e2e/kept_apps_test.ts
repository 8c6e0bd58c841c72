import assert from "node:assert/strict";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { errorCode } from "../clients/expected_answers.ts";
import { OfficialClient } from "../clients/official_client.ts";
import { PROGRAM_ARGS, PROGRAM_FOLDER } from "../clients/running_server.ts";
import { eventually } from "../support/eventually.ts";
import { filesUnder } from "./files_under.ts";
import { python } from "./python.ts";
import { Terminal } from "./terminal.ts";
import { appTokenIn, callTool } from "./tool_answer.ts";
import { World } from "./world.ts";

const { appId, appSecret } = DEFAULT_SANDBOX_APP;
const NEW_SECRET = "aNewSecretOfTheAppOfTheSandbox01";

/** The environment of somebody who has configured nothing but the address of Feishu. */
async function addressAlone(world: World): Promise<Record<string, string>> {
  const { FEISHU_BASE_URL = "" } = await world.env();
  return { ...await world.bareEnv(), FEISHU_BASE_URL };
}

/** Runs a command that reads a secret. */
async function withSecret(world: World, args: readonly string[], secret: string): Promise<void> {
  await using program = await world.run(args, { env: await addressAlone(world), stdin: true });
  await program.type(`${secret}\n`);
  await program.closeStdin();
  const { code, stderr } = await program.end();
  assert.equal(code, 0, stderr);
}

Deno.test("a running server takes an app that is added next to it, and its secret after a reset", async () => {
  await using world = await World.create();
  const server = await world.start({ env: await addressAlone(world) });
  await using client = await OfficialClient.overHttp(await server.listens());
  assert.equal(errorCode(await client.call("get_feishu_app_token")), "credentials_missing");

  await withSecret(world, ["app", "add", "work", "--app-id", appId], appSecret);
  await eventually(
    () => "an app token",
    async () => (await client.call("get_feishu_app_token")).isError !== true,
  );

  await world.feishu.control("apps", { app_id: appId, app_secret: NEW_SECRET });
  await withSecret(world, ["app", "secret", "work"], NEW_SECRET);
  const { isError } = await client.call("get_feishu_tenant_token");
  assert.notEqual(isError, true);
  for (const secret of [appSecret, NEW_SECRET]) assert.ok(!server.stderr.includes(secret));
});

Deno.test("an app that is added next to a server beyond loopback changes nothing for callers, nor at its next start", async () => {
  await using world = await World.create();
  const env = await addressAlone(world);
  const args = ["--host", "0.0.0.0"];
  const server = await world.start({ env, args });
  const url = (await server.listens()).replace("0.0.0.0", "127.0.0.1");
  await withSecret(world, ["app", "add", "work", "--app-id", appId], appSecret);
  assert.equal(errorCode(await callTool(url, "get_feishu_app_token")), "credentials_missing");
  await using client = await OfficialClient.overHttp(url);
  assert.equal(errorCode(await client.call("get_feishu_app_token")), "credentials_missing");

  const again = await world.start({ env, args });
  const next = (await again.listens()).replace("0.0.0.0", "127.0.0.1");
  await using nextClient = await OfficialClient.overHttp(next);
  assert.equal(errorCode(await nextClient.call("get_feishu_app_token")), "credentials_missing");
  const named = await world.start({ env, args: [...args, "--app", "work"] });
  const last = (await named.listens()).replace("0.0.0.0", "127.0.0.1");
  await using lastClient = await OfficialClient.overHttp(last);
  assert.equal(errorCode(await lastClient.call("get_feishu_app_token")), "credentials_missing");
});

Deno.test("a server over stdio needs no secret in its configuration once an app is kept, and no file shows it", async () => {
  await using world = await World.create();
  await withSecret(world, ["app", "add", "work", "--app-id", appId], appSecret);
  const env = await world.bareEnv();
  const server = { command: Deno.execPath(), args: [...PROGRAM_ARGS, "--stdio"], env, cwd: PROGRAM_FOLDER };
  await using client = await OfficialClient.overStdio(server);
  appTokenIn(await client.call("get_feishu_app_token"));
  for (const { path, bytes } of await filesUnder(world.home)) {
    assert.ok(!bytes.includes(appSecret), path);
    assert.ok(!bytes.includes(appId), path);
  }
});

/** A shell that has typed `app add`, and says at its end whether it shows what is typed; `null` without a terminal. */
async function typedAdd(world: World, signalled = ""): Promise<Terminal | null> {
  const found = Deno.build.os === "windows" ? null : await python();
  if (found === null) return null;
  const deno = `"${Deno.execPath()}" ${PROGRAM_ARGS.map((word) => `"${word}"`).join(" ")}`;
  const rest = `app add work --app-id ${appId}`;
  return new Terminal({
    command: `${deno} ${rest}${signalled}; code=$?; stty -a | grep -o -- '-*\\becho\\b'; (exit $code)`,
    env: await addressAlone(world),
    cwd: PROGRAM_FOLDER,
    python: found,
  });
}

Deno.test("app add on a terminal shows nothing of the secret, and restores the terminal", async () => {
  await using world = await World.create();
  await using terminal = await typedAdd(world);
  if (terminal === null) return;
  await terminal.shows(/App Secret/);
  await terminal.type(`${appSecret}\r`);
  assert.equal(await terminal.exitCode(), 0, terminal.text);
  assert.ok(!terminal.text.includes(appSecret), terminal.text);
  assert.match(terminal.text, /^echo\r?$/m);
});

Deno.test("app add on a terminal restores the terminal at Ctrl+C, and keeps nothing", async () => {
  await using world = await World.create();
  await using terminal = await typedAdd(world);
  if (terminal === null) return;
  await terminal.shows(/App Secret/);
  await terminal.type("half a secret");
  await terminal.interrupt();
  assert.equal(await terminal.exitCode(), 130, terminal.text);
  assert.match(terminal.text, /^echo\r?$/m);
  assert.doesNotMatch(terminal.text, /half a secret/);
});
