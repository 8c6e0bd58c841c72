import { packNpm } from "../packaging/npm/pack_npm.ts";
import { DENO_VERSION } from "../packaging/deno_version.ts";
import { runNpm } from "../packaging/run_npm.ts";
import { BUNDLE_RUN_FLAGS, bundleProgram } from "../tools/bundle_program.ts";
import { compileBinary } from "../tools/compile_binary.ts";
import { isCompileTarget } from "../tools/compile_targets.ts";
import type { ServerForm } from "./measure_forms.ts";
import { PROJECT_FOLDER } from "./server_process.ts";

/** The last commit of version 0.1.0. */
const COMMIT_0_1_0 = "afd160f";
const LARK_MCP = "@larksuiteoapi/lark-mcp@0.5.1";
const SERVE = ["--stdio", "--kv", ":memory:", "--sandbox-url"];

/** The forms in which the server is had, and what was left out. */
export interface ServerForms {
  readonly forms: readonly ServerForm[];
  /** A line for each that cannot be had here. */
  readonly skipped: readonly string[];
}

/** Makes every form in `folder`, each to be started on the sandbox at `sandbox`. */
export async function serverForms(folder: string, sandbox: string): Promise<ServerForms> {
  const env = Deno.env.toObject();
  const skipped: string[] = [];
  const deno = [Deno.execPath(), "run", "--quiet"];
  const plain = [...deno, "--no-prompt", "-P=serve", "main.ts", ...SERVE, sandbox];
  const bundle = await bundleProgram(`${folder}/bundle`, env);
  const forms: ServerForm[] = [
    { name: "`deno run main.ts`", command: plain, cwd: PROJECT_FOLDER },
    {
      name: "bundle, one file",
      command: [...deno, ...BUNDLE_RUN_FLAGS, "--no-config", bundle, ...SERVE, sandbox],
      cwd: folder,
    },
  ];
  const attempt = async (name: string, make: () => Promise<readonly ServerForm[]>): Promise<void> => {
    try {
      forms.push(...await make());
    } catch (error) {
      skipped.push(`${name}: ${error instanceof Error ? error.message.split("\n", 1)[0] : "unknown"}`);
    }
  };
  await attempt("npm package", async () => {
    await install(`${folder}/npm`, await packNpm({ folder, env }), env);
    const modules = `${folder}/npm/node_modules`;
    const server = `${modules}/feishu-token-mcp/server`;
    return [
      {
        name: "bundle in chunks (Claude Desktop's)",
        command: [
          ...deno,
          ...[
            "--no-prompt",
            "--no-lock",
            "--no-remote",
            "--no-npm",
            `--config=${server}/deno.json`,
            "-P=serve",
          ],
          ...[`${server}/main.js`, ...SERVE, sandbox],
        ],
        cwd: folder,
      },
      {
        name: "npm command (Node and Deno)",
        command: ["node", `${modules}/.bin/feishu-token-mcp`, ...SERVE, sandbox],
        cwd: folder,
      },
    ];
  });
  await attempt("binary", async () => {
    const target = Deno.build.target;
    if (!isCompileTarget(target)) throw new Error(`no binary for ${target}`);
    const command = [await compileBinary({ target, folder, env }), ...SERVE, sandbox];
    return [{ name: "binary", command, cwd: folder }];
  });
  await attempt("0.1.0", async () => {
    const old = `${folder}/0.1.0`;
    await checkOut(old);
    return [{ name: "0.1.0, `deno run main.ts`", command: plain, cwd: old, hasNoDiscovery: true }];
  });
  await attempt("lark-mcp", async () => {
    await install(`${folder}/lark`, LARK_MCP, env);
    const [id, secret] = ["cli_5a4db0c000000001", "made-up"];
    const lark = [
      "node",
      `${folder}/lark/node_modules/.bin/lark-mcp`,
      "mcp",
      "-a",
      id,
      "-s",
      secret,
      "-d",
      sandbox,
    ];
    return [{
      name: "lark-mcp 0.5.1 (list of tools)",
      command: lark,
      cwd: folder,
      hasNoToken: true,
      hasNoDiscovery: true,
    }];
  });
  return { forms, skipped };
}

async function install(folder: string, what: string, env: Readonly<Record<string, string>>): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/package.json`, "{}");
  await runNpm(
    ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", what],
    folder,
    env,
  );
}

async function checkOut(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const line = `git archive ${COMMIT_0_1_0} | tar -x -C "$0"`;
  const { success } = await new Deno.Command("bash", {
    args: ["-o", "pipefail", "-c", line, folder],
    cwd: PROJECT_FOLDER,
    stdin: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`there is no commit ${COMMIT_0_1_0} here`);
  if (Deno.version.deno !== DENO_VERSION) throw new Error(`measured with Deno ${DENO_VERSION} alone`);
}
