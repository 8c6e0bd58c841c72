import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { childCommand } from "../../harness/child_command.ts";
import { VERSION } from "../../src/version.ts";
import { targetsOf } from "../../tools/compile.ts";
import { compileBinary, compileFailure } from "../../tools/compile_binary.ts";
import { binaryName, COMPILE_TARGETS, isCompileTarget } from "../../tools/compile_targets.ts";
import { PROJECT_FOLDER } from "../../tools/project_folder.ts";
import { writeSums } from "../../tools/write_sums.ts";
import { credentialsOf } from "../cli/token/token_platform.ts";
import { VERSION_TEXT } from "../cli/version_text.ts";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { findBaseBinary } from "./base_binary.ts";
import { askProgram, type Program, runProgram } from "./program_run.ts";
import { runtimeEnv } from "./runtime_env.ts";

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
const base = await findBaseBinary();
const target = Deno.build.target;
const ignore = base === undefined || !isCompileTarget(target);

/** One folder a run: the binary is too large to be made for each test, and to be left behind. */
let folder = "";
let program: Program;
let binary = "";

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "feishu-token-compile-" });
  if (base === undefined || !isCompileTarget(target)) return;
  binary = await compileBinary({
    target,
    folder: `${folder}/dist`,
    env: { ...runtimeEnv(), DENORT_BIN: base },
  });
  await Deno.mkdir(`${folder}/home`);
  program = { command: binary, args: [], env: { HOME: `${folder}/home` }, cwd: "/" };
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "compileBinary() makes a binary that tells its version when it runs in an empty environment",
  ignore,
  async fn(): Promise<void> {
    const { code, stdout } = await runProgram({ ...program, env: {} }, ["--version"]);
    // The base of `deno compile` may be of another patch release.
    assert.match(stdout.replace(/^deno .*$/m, `deno ${Deno.version.deno}`), VERSION_TEXT);
    assert.equal(code, 0);
  },
});

Deno.test({
  name: "compileBinary() makes a binary that serves an MCP client over stdio",
  ignore,
  async fn(): Promise<void> {
    const answers = await askProgram("stdio", program);
    assert.deepEqual(answers, {
      server: VERSION,
      tools: TOOLS,
      hasAppToken: true,
      refreshError: "refresh_token_invalid",
    });
  },
});

Deno.test({
  name: "compileBinary() makes a binary that serves HTTP and ends well at SIGTERM",
  ignore,
  async fn(): Promise<void> {
    const answers = await askProgram("http", program);
    assert.deepEqual(answers, {
      server: VERSION,
      tools: TOOLS,
      hasAppToken: true,
      refreshError: "refresh_token_invalid",
      code: 0,
    });
  },
});

Deno.test({
  name:
    "compileBinary() makes a binary that keeps its store in the user's data directory when it runs elsewhere",
  ignore,
  async fn(): Promise<void> {
    const home = `${folder}/other-home`;
    await Deno.mkdir(home);
    await using sandbox = await ListeningSandbox.start();
    const env = { HOME: home, ...credentialsOf(sandbox) };
    const { code, stderr } = await runProgram({ ...program, env }, ["token", "app"]);
    assert.equal(code, 0, stderr);
    const names = await Array.fromAsync(
      Deno.readDir(`${home}/.local/share/feishu-token-mcp`),
      ({ name }) => name,
    );
    assert.ok(names.includes("tokens.kv"), `found ${names.join(", ")}`);
  },
});

Deno.test({
  name: "compileBinary() makes a binary that looks at its store as any start does",
  ignore,
  async fn(): Promise<void> {
    const path = `${folder}/other.db`;
    {
      using other = new DatabaseSync(path);
      other.exec("create table users (name)");
    }
    const { code, stderr } = await runProgram(program, ["--port", "0", "--kv", path]);
    assert.match(stderr, /other\.db is the database of another program: it has a table "users"/);
    assert.equal(code, 2);
  },
});

Deno.test({
  name: "compileBinary() makes a binary that may start no other program, but for exec",
  ignore,
  async fn(): Promise<void> {
    const { code, stdout, stderr } = await runProgram(program, ["demo"]);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /NotCapable|run access/);
  },
});

Deno.test({
  name: "compileBinary() makes a binary that runs a program with a token",
  ignore,
  async fn(): Promise<void> {
    await using sandbox = await ListeningSandbox.start();
    const env = { ...program.env, PATH: runtimeEnv().PATH ?? "", ...credentialsOf(sandbox) };
    const script = 'echo "$FEISHU_TENANT_ACCESS_TOKEN $FEISHU_APP_SECRET"; exit 9';
    const { code, stdout, stderr } = await runProgram({ ...program, env }, [
      ...["exec", "--as", "tenant", "--"],
      ...["/bin/sh", "-c", script],
    ]);
    assert.deepEqual([code, stderr], [9, ""]);
    assert.match(stdout, /^t-[A-Za-z0-9]+ \n$/);
  },
});

Deno.test({
  name: "compileBinary() makes a binary of which every claim of the demo holds when its environment is empty",
  ignore,
  async fn(): Promise<void> {
    const { success, stdout, stderr } = await childCommand(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "-P=demo",
        `--config=${PROJECT_FOLDER}/deno.json`,
        `${PROJECT_FOLDER}/tests/compile/demo_against.ts`,
        `${folder}/home`,
        binary,
      ],
      cwd: "/",
      stdin: "null",
    }).output();
    const text = new TextDecoder().decode(stdout);
    assert.ok(success, text + new TextDecoder().decode(stderr));
    assert.match(text, /\n22 claims held, 0 did not\./);
  },
});

Deno.test("compileFailure() names DENORT_BIN in one line when the base cannot be fetched", () => {
  const said = "error: Writing deno compile executable to temporary file '/tmp/x'\n\nCaused by:\n" +
    "    0: Setting up base binary.\n    1: error sending request for url (https://dl.deno.land/x.zip)";
  const { message } = compileFailure("x86_64-unknown-linux-gnu", said);
  assert.match(message, /^Cannot compile for x86_64-unknown-linux-gnu: [^\n]*DENORT_BIN[^\n]*$/);
});

Deno.test("compileFailure() repeats what Deno said when it is about the program", () => {
  const { message } = compileFailure("x86_64-unknown-linux-gnu", "error: TS2345\n");
  assert.equal(message, "Cannot compile for x86_64-unknown-linux-gnu: error: TS2345");
});

Deno.test("targetsOf() takes this machine's platform when nothing is asked for", () => {
  assert.deepEqual(targetsOf([]), [Deno.build.target]);
});

Deno.test("targetsOf() takes each target once when it is named twice", () => {
  const args = ["--target", "x86_64-pc-windows-msvc", "--target=x86_64-pc-windows-msvc"];
  assert.deepEqual(targetsOf(args), ["x86_64-pc-windows-msvc"]);
});

Deno.test("targetsOf() takes all targets when told --all", () => {
  assert.deepEqual(targetsOf(["--all"]), [...COMPILE_TARGETS]);
});

Deno.test.each([
  [["--target", "amiga"], /^There is no target amiga: /],
  [["--targets"], /^Usage: /],
  [["linux"], /^Usage: /],
])("targetsOf() refuses %j", (args: readonly string[], message) => {
  assert.throws(() => targetsOf(args), { name: "BuildError", message });
});

Deno.test("binaryName() ends in .exe when the target is Windows", () => {
  assert.equal(
    binaryName("1.2.3", "x86_64-pc-windows-msvc"),
    "feishu-token-mcp-1.2.3-x86_64-pc-windows-msvc.exe",
  );
});

Deno.test("writeSums() writes what sha256sum checks, by name", async () => {
  const place = await Deno.makeTempDir();
  await Deno.writeTextFile(`${place}/b`, "abc");
  await Deno.writeTextFile(`${place}/a`, "");
  await writeSums(place);
  await writeSums(place);
  assert.equal(
    await Deno.readTextFile(`${place}/SHA256SUMS`),
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n" +
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b\n",
  );
  await Deno.remove(place, { recursive: true });
});
