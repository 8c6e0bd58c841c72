import assert from "node:assert/strict";
import { dirname } from "node:path";
import manifest from "../../../deno.json" with { type: "json" };
import { DENO_VERSION } from "../../../packaging/deno_version.ts";
import { DESCRIPTION, npmManifest } from "../../../packaging/npm/npm_manifest.ts";
import { writeServer } from "../../../packaging/npm/npm_folder.ts";
import { serverArguments } from "../../../packaging/server_arguments.ts";
import { childCommand } from "../../../harness/child_command.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { NPM_FILE, packNpm } from "../../../packaging/npm/pack_npm.ts";
import { OUTSIDE_NAMES } from "../../../src/outside_names.ts";
import { VERSION } from "../../../src/version.ts";
import { PROJECT_FOLDER } from "../../../tools/project_folder.ts";
import { VERSION_TEXT } from "../../cli/version_text.ts";
import { askProgram, type Program, runProgram } from "../../compile/program_run.ts";
import { runtimeEnv } from "../../compile/runtime_env.ts";
import { nodePath } from "./npm_installation.ts";

let folder = "";
let program: Program;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "feishu-token-npm-" });
  const packed = await packNpm({ folder, env: runtimeEnv() });
  await Deno.writeTextFile(`${folder}/package.json`, "{}");
  const options = ["--no-save", "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
  const { success, stderr } = await new Deno.Command("npm", {
    args: ["install", ...options, packed],
    cwd: folder,
    stdin: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  program = {
    command: await nodePath(),
    args: [`${folder}/node_modules/.bin/feishu-token-mcp`],
    env: { HOME: folder, PATH: `${dirname(await nodePath())}:/usr/bin:/bin` },
    cwd: "/",
  };
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the npm package has what it needs, and nothing else", async () => {
  const { stdout } = await new Deno.Command("tar", { args: ["tzf", `${folder}/${NPM_FILE}`] }).output();
  const files = new TextDecoder().decode(stdout).trim().split("\n").map((path) =>
    path.replace(/^package\//, "")
  );
  const rest = files.filter((path) => !/^server\/[\w-]+\.js$/.test(path)).sort();
  assert.deepEqual(rest, [
    "LICENSE",
    "README.md",
    "bin/feishu-token-mcp.mjs",
    "bin/find_deno.mjs",
    "bin/is_from_terminal.mjs",
    "bin/permission_set.mjs",
    "package.json",
    "server/deno.json",
    "server/words.json",
  ]);
});

Deno.test("the npm package, installed where nothing else is, tells its version and its Deno's", async () => {
  const { code, stdout, stderr } = await runProgram(program, ["--version"]);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout.replace(/^deno .*$/m, `deno ${Deno.version.deno}`), VERSION_TEXT);
  assert.match(stdout, new RegExp(`^deno ${RegExp.escape(DENO_VERSION)}$`, "m"));
});

Deno.test("the npm package serves an MCP client over stdio", async () => {
  const answers = await askProgram("stdio", program);
  assert.deepEqual([answers.server, answers.tools.length, answers.hasAppToken], [VERSION, 9, true]);
});

Deno.test("the npm package's server reads its commands when they are called, and goes on when it is taken away", async () => {
  await using copy = await TempFolder.make();
  const server = `${copy.path}/server`;
  await writeServer(server, runtimeEnv());
  assert.match(await Deno.readTextFile(`${server}/main.js`), /\bimport\("\.\/run_demo-\w+\.js"\+""\)/);
  const child = childCommand(Deno.execPath(), {
    args: [...serverArguments(server), "--stdio", "--sandbox", "--sandbox-port", "0"],
    env: { ...runtimeEnv(), HOME: copy.path },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const input = child.stdin.getWriter();
  const answers = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const ask = async (method: string, params: object): Promise<Record<string, unknown>> => {
    const line = `${JSON.stringify({ jsonrpc: "2.0", id: 1, method, params })}\n`;
    await input.write(new TextEncoder().encode(line));
    return JSON.parse((await answers.read()).value ?? "null");
  };
  const clientInfo = { name: "test", version: "0" };
  await ask("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
  await Deno.remove(server, { recursive: true });
  const { error } = await ask("resources/list", {});
  await input.close();
  await answers.cancel();
  await child.status;
  assert.equal((error as { code?: number } | undefined)?.code, -32601);
});

Deno.test("the npm package exits as the program does", async () => {
  const { code, stderr } = await runProgram(program, ["--prot", "1"]);
  assert.equal(code, 2);
  assert.match(stderr, /--port/);
});

Deno.test("npmManifest() runs no script at an installation, and fetches Deno with it", () => {
  const { scripts, dependencies, optionalDependencies, engines, license, mcpName, name } = npmManifest();
  assert.deepEqual([scripts, dependencies], [undefined, undefined]);
  assert.deepEqual(new Set(Object.values(optionalDependencies ?? {})), new Set([DENO_VERSION]));
  assert.deepEqual([engines, license, mcpName, name], [
    { node: ">=18" },
    manifest.license,
    OUTSIDE_NAMES.mcpName,
    OUTSIDE_NAMES.npmPackage,
  ]);
  assert.ok(DESCRIPTION.length <= 100);
});

Deno.test("the Deno that is shipped is the one of CI and of the image", async () => {
  const ci = await Deno.readTextFile(`${PROJECT_FOLDER}/.ci/run`);
  assert.equal(/^readonly DENO_VERSION=(.+)$/m.exec(ci)?.[1], DENO_VERSION);
  const image = await Deno.readTextFile(`${PROJECT_FOLDER}/Dockerfile`);
  assert.equal(/^FROM denoland\/deno:(.+)$/m.exec(image)?.[1], DENO_VERSION);
});
