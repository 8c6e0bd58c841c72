import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { PROJECT_FOLDER } from "../../tools/project_folder.ts";
import { askProgram, type Program, runProgram } from "./program_run.ts";
import { runtimeEnv } from "./runtime_env.ts";

/** What platforms that host Deno programs document. The lowest that `main.ts` must run on. */
const OLD_DENO = "2.5.6";
const TOOLS = [
  "get_feishu_app_token",
  "get_feishu_tenant_token",
  "refresh_feishu_user_token",
  "report_feishu_token_rejected",
  "start_feishu_login",
  "finish_feishu_login",
  "get_feishu_user_token",
  "list_feishu_logins",
  "revoke_feishu_login",
];

let folder = "";
let program: Program;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "feishu-token-old-deno-" });
  const { HOME = folder } = runtimeEnv();
  const cache = `${HOME}/.cache/feishu-token-mcp/deno-${OLD_DENO}`;
  // The package's own command is a Node program that starts Deno, and that signals do not pass; it puts Deno here.
  const command = `${cache}/node_modules/deno/deno`;
  const options = ["--prefix", cache, "--no-save", "--no-audit", "--no-fund"];
  const { success, stderr } = await new Deno.Command("npm", {
    args: ["install", ...options, `deno@${OLD_DENO}`],
    stdin: "null",
  }).output();
  if (!success) throw new Error(`Cannot install Deno ${OLD_DENO}: ${new TextDecoder().decode(stderr)}`);
  await new Deno.Command(`${cache}/node_modules/.bin/deno`, { args: ["--version"], stdin: "null" }).output();
  program = {
    command,
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "-P=serve",
      `--config=${PROJECT_FOLDER}/deno.json`,
      `${PROJECT_FOLDER}/main.ts`,
    ],
    env: { DENO_DIR: `${HOME}/.cache/deno`, ...runtimeEnv(), HOME: folder },
    cwd: "/",
  };
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

Deno.test(`main.ts is really run by Deno ${OLD_DENO} in these tests`, async () => {
  const { stdout } = await runProgram({ ...program, args: [] }, ["--version"]);
  assert.match(stdout, new RegExp(`^deno ${OLD_DENO.replaceAll(".", "\\.")} `));
});

Deno.test(`main.ts --stdio serves the tools when Deno is ${OLD_DENO}`, async () => {
  const { tools, hasAppToken, refreshError } = await askProgram("stdio", program);
  assert.deepEqual([tools, hasAppToken, refreshError], [TOOLS, true, "refresh_token_invalid"]);
});

Deno.test(`main.ts serves the tools over HTTP when Deno is ${OLD_DENO}`, async () => {
  const { tools, hasAppToken, refreshError, code } = await askProgram("http", program);
  assert.deepEqual([tools, hasAppToken, refreshError, code], [TOOLS, true, "refresh_token_invalid", 0]);
});

Deno.test(`main.ts refuses an env file in one line when Deno is ${OLD_DENO}`, async () => {
  await Deno.writeTextFile(`${folder}/env`, "FEISHU_BRAND=lark\n");
  const { code, stderr } = await runProgram(program, ["--env-file", `${folder}/env`]);
  assert.deepEqual([code, stderr.trim().split("\n").length], [2, 1]);
  assert.match(stderr, /cannot read env files/);
});

Deno.test(`a KV file is looked at in the same words when Deno is ${OLD_DENO}`, async () => {
  const path = `${folder}/inspected.kv`;
  const inspected = async (): Promise<unknown> => {
    const { code, stdout, stderr } = await runProgram({
      ...program,
      args: ["run", "--quiet", "--no-prompt", "-P=serve", `--config=${PROJECT_FOLDER}/deno.json`],
    }, [`${PROJECT_FOLDER}/tests/store/kv/inspecting_program.ts`, path]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  {
    using kv = await Deno.openKv(path);
    await kv.set(["key"], 1);
    assert.deepEqual(await inspected(), [null]);
  }
  {
    using other = new DatabaseSync(path);
    other.exec("pragma journal_mode = delete; begin exclusive");
    assert.deepEqual(await inspected(), ["database is locked"]);
  }
  assert.deepEqual(await inspected(), [null]);
  await Deno.writeTextFile(path, "no database, however long\n".repeat(400));
  assert.deepEqual(await inspected(), ["file is not a database"]);
});
