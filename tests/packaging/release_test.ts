import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { OUTSIDE_NAMES } from "../../src/outside_names.ts";
import { VERSION } from "../../src/version.ts";
import { buildRelease } from "../../packaging/build_release.ts";
import { mcpbManifest } from "../../packaging/mcpb/mcpb_manifest.ts";
import { mcpbName } from "../../packaging/mcpb/pack_mcpb.ts";
import { NPM_FILE } from "../../packaging/npm/pack_npm.ts";
import { readSums } from "../../packaging/read_sums.ts";
import { publishingProblem } from "../../packaging/release.ts";
import { binaryName, isCompileTarget } from "../../tools/compile_targets.ts";
import { PROJECT_FOLDER } from "../../tools/project_folder.ts";
import { runDeno } from "../../tools/run_deno.ts";
import { credentialsOf } from "../cli/token/token_platform.ts";
import { askProgram, runProgram } from "../compile/program_run.ts";
import { runtimeEnv } from "../compile/runtime_env.ts";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";

const target = Deno.build.target;
const lines: string[] = [];
let folder = "";
let skipped = 0;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "feishu-token-release-" });
  if (!isCompileTarget(target)) return;
  // Without DENORT_BIN: the binary has tests of its own (tests/compile), and takes long.
  skipped = await buildRelease({
    folder: `${folder}/dist`,
    targets: [target],
    env: runtimeEnv(),
    say: (line) => void lines.push(line),
  });
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

const ignore = !isCompileTarget(target);

Deno.test({
  name: "buildRelease() makes all that can be had on this machine, and says what cannot",
  ignore,
  async fn(): Promise<void> {
    if (!isCompileTarget(target)) return;
    const names = (await Array.fromAsync(Deno.readDir(`${folder}/dist`), ({ name }) => name)).sort();
    const said = lines.filter((line) => line.startsWith("SKIPPED: "));
    assert.equal(said.length, skipped);
    const optional = [binaryName(VERSION, target), mcpbName(target), `feishu-token-mcp-${VERSION}-image.tar`];
    assert.deepEqual(
      names.filter((name) => !optional.includes(name)),
      [
        "SHA256SUMS",
        "_feishu-token-mcp",
        NPM_FILE,
        `feishu-token-mcp-${VERSION}.cdx.json`,
        "feishu-token-mcp.bash",
        "feishu-token-mcp.fish",
        "feishu-token-mcp.js",
        "feishu-token-mcp.json",
        "feishu-token-mcp.ps1",
        "feishu-token-mcp.rb",
        "install.sh",
        "server.json",
      ].sort(),
    );
    assert.equal(names.filter((name) => optional.includes(name)).length, optional.length - skipped);
    assert.deepEqual(names.filter((name) => name.endsWith(".tgz")), [`feishu-token-mcp-${VERSION}.tgz`]);
  },
});

Deno.test({
  name: "buildRelease() writes sums that every file has",
  ignore,
  async fn(): Promise<void> {
    const { success, stdout } = await new Deno.Command("sha256sum", {
      args: ["--check", "--strict", "SHA256SUMS"],
      cwd: `${folder}/dist`,
    }).output();
    assert.ok(success, new TextDecoder().decode(stdout));
    const sums = readSums(await Deno.readTextFile(`${folder}/dist/SHA256SUMS`));
    const names = await Array.fromAsync(Deno.readDir(`${folder}/dist`), ({ name }) => name);
    assert.deepEqual([...sums.keys()].sort(), names.filter((name) => name !== "SHA256SUMS").sort());
  },
});

Deno.test({
  name: "the Claude Desktop bundle gets a token by its manifest's command with user_config filled in",
  ignore,
  async fn(): Promise<void> {
    if (!isCompileTarget(target)) return;
    const unpacked = `${folder}/unpacked`;
    const expected = mcpbManifest(target);
    const { isOk, stderr } = await runDeno([
      ...[
        "run",
        "--quiet",
        "--no-prompt",
        "--frozen",
        `--config=${PROJECT_FOLDER}/tools/deno.json`,
        "-P=mcpb",
      ],
      ...["@anthropic-ai/mcpb", "unpack", `${folder}/dist/${mcpbName(target)}`, unpacked],
    ], runtimeEnv());
    assert.ok(isOk, stderr);
    const manifest = JSON.parse(await Deno.readTextFile(`${unpacked}/manifest.json`));
    assert.ok(isDeepStrictEqual(manifest, expected));
    await using sandbox = await ListeningSandbox.start();
    const { FEISHU_APP_ID, FEISHU_APP_SECRET, FEISHU_BASE_URL } = credentialsOf(sandbox);
    const filled = JSON.parse(
      JSON.stringify(manifest.server.mcp_config)
        .replaceAll("${__dirname}", unpacked)
        .replaceAll("${user_config.app_id}", FEISHU_APP_ID ?? "")
        .replaceAll("${user_config.app_secret}", FEISHU_APP_SECRET ?? "")
        .replaceAll("${user_config.brand}", manifest.user_config.brand.default),
    );
    const { command, args, env } = filled;
    await Deno.chmod(command, 0o755);
    const door = args.pop();
    assert.equal(door, "--stdio");
    const answers = await askProgram("stdio", {
      command,
      args,
      env: { ...env, HOME: folder, ...(FEISHU_BASE_URL === undefined ? {} : { FEISHU_BASE_URL }) },
      cwd: "/",
    }, []);
    assert.deepEqual([answers.server, answers.hasAppToken], [VERSION, true]);
    const { stdout } = await runProgram({ command, args, env: { HOME: folder }, cwd: "/" }, ["--version"]);
    assert.match(stdout, new RegExp(`^feishu-token-mcp ${RegExp.escape(VERSION)}$`, "m"));
  },
});

Deno.test("publishingProblem() refuses while the owner is made up", async () => {
  assert.match(await publishingProblem(true) ?? "", /src\/outside_names\.ts, or build with --dry-run$/);
});

Deno.test("publishingProblem() does not take a commit without the version's tag", async () => {
  assert.notEqual(await publishingProblem(false), undefined);
});

Deno.test("outside names stand in one file alone", async () => {
  const { stdout } = await new Deno.Command("git", {
    args: ["grep", "-lE", `ghcr\\.io/${OUTSIDE_NAMES.owner}|github\\.com/${OUTSIDE_NAMES.owner}/`],
    cwd: PROJECT_FOLDER,
  }).output();
  const files = new TextDecoder().decode(stdout).trim().split("\n").filter((path) => path !== "");
  assert.deepEqual(files.filter((path) => path !== "src/outside_names.ts"), []);
});
