import assert from "node:assert/strict";
import { compileBinary } from "../../tools/compile_binary.ts";
import { isCompileTarget } from "../../tools/compile_targets.ts";
import { PROJECT_FOLDER } from "../../tools/project_folder.ts";
import { findBaseBinary } from "../compile/base_binary.ts";
import { runtimeEnv } from "../compile/runtime_env.ts";
import { Program } from "../e2e/program.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { nodePath, NpmInstallation } from "./npm/npm_installation.ts";

const PROBE = "tests/packaging/probe_server.ts";
const SERVE = ["--sandbox", "--sandbox-port", "0", "--kv", ":memory:", "--log-format", "json"];
const DOORS: readonly (readonly string[])[] = [["--stdio"], ["--port", "0"]];

/** Starts a server by `command` through each door, and asserts that it serves and cannot start a program. */
async function assertStartsNothing(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  for (const door of DOORS) {
    await using server = new Program({
      args: [],
      command: [...command, ...SERVE, ...door],
      env,
      cwd: "/",
      stdin: true,
    });
    assert.equal(await server.says(/probe: (.+)/), "NotCapable", `${command} ${door}`);
    await server.says(/serving|listening/);
    // Killed, the npm command would leave a server over HTTP behind.
    server.kill("SIGTERM");
    assert.equal((await server.end()).code, 0);
  }
}

Deno.test("a server that plain Deno runs with its permission set cannot start a program", async () => {
  const deno = [Deno.execPath(), "run", "--quiet", "--no-prompt", `--config=${PROJECT_FOLDER}/deno.json`];
  await assertStartsNothing([...deno, "-P=serve", `${PROJECT_FOLDER}/${PROBE}`], runtimeEnv());
});

Deno.test("a server that the npm command runs cannot start a program", async () => {
  await using installation = await NpmInstallation.make(PROBE);
  await assertStartsNothing([await nodePath(), installation.bin], await installation.env());
});

const base = await findBaseBinary();
const target = Deno.build.target;

Deno.test({
  name: "a server that is a binary cannot start a program",
  ignore: base === undefined || !isCompileTarget(target),
  async fn(): Promise<void> {
    if (base === undefined || !isCompileTarget(target)) return;
    await using folder = await TempFolder.make();
    const env = { ...runtimeEnv(), DENORT_BIN: base };
    const binary = await compileBinary({ target, folder: folder.path, env, entry: PROBE });
    await assertStartsNothing([binary], { HOME: folder.path });
  },
});
