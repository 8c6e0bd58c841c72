import assert from "node:assert/strict";
import { z } from "zod";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { appTokenOf, assertSameToken, assertUserToken, TOOL_NAMES } from "./expected_answers.ts";
import { hostEnvironment } from "./host_environment.ts";
import { runInspector } from "./inspector.ts";
import { PROGRAM_ARGS, RunningServer } from "./running_server.ts";
import { logInAt } from "./sandbox_login.ts";

const LIST = ["--method", "tools/list"];
const GET = ["--method", "tools/call", "--tool-name", "get_feishu_app_token"];
const REFRESH = ["--method", "tools/call", "--tool-name", "refresh_feishu_user_token"];
const REPORT = ["--method", "tools/call", "--tool-name", "report_feishu_token_rejected"];

const ListSchema = z.object({ result: z.object({ tools: z.array(z.object({ name: z.string() })) }) });
const CallSchema = z.object({ result: z.unknown() });

Deno.test("the Inspector's command line lists and calls the tools over HTTP", async () => {
  await using server = await RunningServer.start();
  await checkTools((args) => runInspector([server.url, ...args]), server.sandboxUrl);
});

Deno.test("the Inspector's command line lists and calls the tools over stdio", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await TempFolder.make();
  const env = Object.entries(await hostEnvironment(home.path)).flatMap(([name, value]) => [
    "-e",
    `${name}=${value}`,
  ]);
  const server = ["--", Deno.execPath(), ...PROGRAM_ARGS, "--stdio", "--sandbox-url", sandbox.url];
  await checkTools((args) => runInspector([...env, ...args, ...server]), sandbox.url);
});

Deno.test("the Inspector finds nothing that other clients could not read in the tools' schemas", async () => {
  await using server = await RunningServer.start();
  const { exitCode } = await runInspector([server.url, ...LIST, "--strict"]);
  assert.equal(exitCode, 0);
});

async function checkTools(run: typeof runInspector, sandboxUrl: string): Promise<void> {
  const list = await run(LIST);
  assert.deepEqual(ListSchema.parse(list.output).result.tools.map(({ name }) => name), TOOL_NAMES);
  const got = await run(GET);
  assert.equal(got.exitCode, 0);
  const token = appTokenOf(CallSchema.parse(got.output).result);
  const refreshToken = await logInAt(sandboxUrl);
  const refreshed = await run([...REFRESH, "--tool-arg", `refresh_token=${refreshToken}`]);
  assert.equal(refreshed.exitCode, 0);
  assertUserToken(CallSchema.parse(refreshed.output).result, refreshToken);
  const reported = await run([
    ...REPORT,
    "--tool-arg",
    `token=${token}`,
    "--tool-arg",
    "feishu_code=99991663",
  ]);
  assert.equal(reported.exitCode, 0);
  assertSameToken(CallSchema.parse(reported.output).result, token);
}
