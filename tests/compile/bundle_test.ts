import assert from "node:assert/strict";
import { VERSION } from "../../src/version.ts";
import { BUNDLE_RUN_FLAGS, bundleProgram } from "../../tools/bundle_program.ts";
import { VERSION_TEXT } from "../cli/version_text.ts";
import { askProgram, type Program, runProgram } from "./program_run.ts";
import { runtimeEnv } from "./runtime_env.ts";

let folder = "";
let program: Program;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "feishu-token-bundle-" });
  const bundle = await bundleProgram(`${folder}/dist`, runtimeEnv());
  program = {
    command: Deno.execPath(),
    args: ["run", ...BUNDLE_RUN_FLAGS, bundle],
    // A cache of its own, empty: nothing may be missing from the file.
    env: { HOME: folder, DENO_NO_UPDATE_CHECK: "1" },
    cwd: folder,
  };
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

Deno.test("bundleProgram() makes a file that serves an MCP client over stdio", async () => {
  const answers = await askProgram("stdio", program);
  assert.deepEqual([answers.server, answers.tools.length, answers.hasAppToken], [VERSION, 9, true]);
});

Deno.test("bundleProgram() makes a file that serves HTTP", async () => {
  const answers = await askProgram("http", program);
  assert.deepEqual([answers.server, answers.hasAppToken, answers.code], [VERSION, true, 0]);
});

Deno.test({
  name: "bundleProgram() makes a file that tells Deno's flags itself",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    const [, , ...rest] = program.args;
    const text = await Deno.readTextFile(rest.at(-1) ?? "");
    assert.equal(text.split("\n", 1)[0], `#!/usr/bin/env -S deno run ${BUNDLE_RUN_FLAGS.join(" ")}`);
  },
});

Deno.test("bundleProgram() makes a file that tells its version without any permission", async () => {
  const bundle = program.args.at(-1) ?? "";
  const bare = { ...program, args: ["run", "--no-prompt", bundle] };
  assert.match((await runProgram(bare, ["--version"])).stdout, VERSION_TEXT);
});
