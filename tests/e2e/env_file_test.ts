import assert from "node:assert/strict";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { appTokenIn, callTool } from "./tool_answer.ts";
import { World } from "./world.ts";

const { appId, appSecret } = DEFAULT_SANDBOX_APP;

/** As Windows, a shell and a careful person would have written it together. */
function envFile(feishuUrl: string): string {
  return [
    `\uFEFFexport FEISHU_APP_ID="${appId}"`,
    "",
    "# Its secret",
    `FEISHU_APP_SECRET='${appSecret}'   # of the sandbox`,
    `  FEISHU_BASE_URL = ${feishuUrl}`,
    "",
  ].join("\r\n");
}

Deno.test("main.ts --env-file takes the app from a file with quotes, comments, export and Windows line ends", async () => {
  await using world = await World.create();
  const path = `${world.home}/my.env`;
  await Deno.writeTextFile(path, envFile(world.feishu.url));
  const server = await world.start({ env: await world.bareEnv(), args: ["--env-file", path] });
  appTokenIn(await callTool(await server.listens(), "get_feishu_app_token"));
  assert.doesNotMatch(server.stderr, new RegExp(appSecret));
});

Deno.test("main.ts reads no .env of its working directory unless one is named", async () => {
  await using world = await World.create();
  await Deno.writeTextFile(`${world.home}/.env`, "FEISHU_TOKEN_LOG_FORMAT=nonsense\n");
  const server = await world.start({ cwd: world.home });
  await server.listens();
});

Deno.test("main.ts --env-file-if-exists serves when there is no such file", async () => {
  await using world = await World.create();
  const server = await world.start({ args: ["--env-file-if-exists", `${world.home}/none`] });
  await server.listens();
});

Deno.test("main.ts --env-file ends with 2 when there is no such file, and says what else is wrong", async () => {
  await using world = await World.create();
  const program = await world.run(["--env-file", `${world.home}/none`, "--port", "abc", "--prot"]);
  const { code, stdout, stderr } = await program.end();
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
  assert.deepEqual(stderr.trimEnd().split("\n").map((line) => /--[a-z-]+/.exec(line)?.[0]), [
    "--prot",
    "--env-file",
    "--port",
  ]);
});
