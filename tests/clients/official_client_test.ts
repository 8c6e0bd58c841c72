import assert from "node:assert/strict";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { appTokenOf, assertSameToken, assertUserToken, errorCode, TOOL_NAMES } from "./expected_answers.ts";
import { hostEnvironment } from "./host_environment.ts";
import { OfficialClient } from "./official_client.ts";
import { PROGRAM_ARGS, RunningServer } from "./running_server.ts";
import { logInAt } from "./sandbox_login.ts";

Deno.test("the official client uses every tool over HTTP", async () => {
  await using server = await RunningServer.start();
  await using client = await OfficialClient.overHttp(server.url);
  assert.deepEqual(await client.toolNames(), TOOL_NAMES);
  const token = appTokenOf(await client.call("get_feishu_app_token"));
  assertSameToken(await client.call("report_feishu_token_rejected", { token }), token);
  const refreshToken = await logInAt(server.sandboxUrl);
  assertUserToken(
    await client.call("refresh_feishu_user_token", { refresh_token: refreshToken }),
    refreshToken,
  );
});

Deno.test("the official client uses every tool over stdio, from any directory", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await TempFolder.make();
  await using client = await OfficialClient.overStdio({
    command: Deno.execPath(),
    args: [...PROGRAM_ARGS, "--stdio", "--sandbox-url", sandbox.url],
    env: await hostEnvironment(home.path),
    cwd: "/",
  });
  assert.deepEqual(await client.toolNames(), TOOL_NAMES);
  const token = appTokenOf(await client.call("get_feishu_app_token"));
  assertSameToken(await client.call("report_feishu_token_rejected", { token }), token);
  const refreshToken = await logInAt(sandbox.url);
  assertUserToken(
    await client.call("refresh_feishu_user_token", { refresh_token: refreshToken }),
    refreshToken,
  );
});

Deno.test("the official client lists tools and reads the error when nothing is configured", async () => {
  await using home = await TempFolder.make();
  await using client = await OfficialClient.overStdio({
    command: Deno.execPath(),
    args: [...PROGRAM_ARGS, "--stdio"],
    env: await hostEnvironment(home.path),
    cwd: "/",
  });
  assert.deepEqual(await client.toolNames(), TOOL_NAMES);
  assert.equal(errorCode(await client.call("get_feishu_app_token")), "credentials_missing");
});

Deno.test("the permissions are the program's own when the working directory has a deno.json", async () => {
  await using home = await TempFolder.make();
  // Were this file the one that counts, the server could not read its credentials.
  await Deno.writeTextFile(`${home.path}/deno.json`, '{"permissions": {"serve": {"env": []}}}');
  await using sandbox = await ListeningSandbox.start();
  await using client = await OfficialClient.overStdio({
    command: Deno.execPath(),
    args: [...PROGRAM_ARGS, "--stdio"],
    env: {
      ...await hostEnvironment(home.path),
      FEISHU_APP_ID: "cli_made_up",
      FEISHU_APP_SECRET: "made-up",
      FEISHU_BASE_URL: sandbox.url,
    },
    cwd: home.path,
  });
  assert.notEqual(errorCode(await client.call("get_feishu_app_token")), "credentials_missing");
});
