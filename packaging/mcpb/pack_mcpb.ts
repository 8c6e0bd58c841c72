import { VERSION } from "../../src/version.ts";
import { BuildError } from "../../tools/build_error.ts";
import type { CompileTarget } from "../../tools/compile_targets.ts";
import { PROJECT_FOLDER } from "../../tools/project_folder.ts";
import { runDeno } from "../../tools/run_deno.ts";
import { putDeno } from "../deno_program.ts";
import { writeServer } from "../npm/npm_folder.ts";
import { mcpbManifest } from "./mcpb_manifest.ts";

/** Of every file in the archive, so that the same sources give the same archive: npm's own. */
const FILE_TIME = new Date("1985-10-26T08:15:00Z");

/** File name of the bundle for `target`. */
export function mcpbName(target: CompileTarget): string {
  return `feishu-token-mcp-${VERSION}-${target}.mcpb`;
}

/**
 * Makes the Claude Desktop bundle for one platform: the bundled server, with Deno. The manifest is checked by the
 * format's own tool, which also packs.
 *
 * @returns its path.
 * @throws BuildError where Deno or the tool cannot be had, or the manifest is refused.
 */
export async function packMcpb(
  target: CompileTarget,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const staged = await Deno.makeTempDir({ prefix: "feishu-token-mcpb-" });
  try {
    await writeServer(`${staged}/server`, env);
    await putDeno(target, `${staged}/server/${target.includes("windows") ? "deno.exe" : "deno"}`, env);
    await Deno.writeTextFile(`${staged}/manifest.json`, `${JSON.stringify(mcpbManifest(target), null, 2)}\n`);
    await Deno.copyFile(`${PROJECT_FOLDER}/LICENSE`, `${staged}/LICENSE`);
    for (const path of [staged, `${staged}/server`]) await setTimes(path);
    const output = `${folder}/${mcpbName(target)}`;
    const { isOk, stderr } = await runDeno(
      [
        ...[
          "run",
          "--quiet",
          "--no-prompt",
          "--frozen",
          `--config=${PROJECT_FOLDER}/tools/deno.json`,
          "-P=mcpb",
        ],
        ...["@anthropic-ai/mcpb", "pack", staged, output],
      ],
      env,
    );
    if (!isOk) throw new BuildError(`Cannot pack ${mcpbName(target)}: ${stderr.trim()}`);
    return output;
  } finally {
    await Deno.remove(staged, { recursive: true });
  }
}

async function setTimes(folder: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile) await Deno.utime(`${folder}/${name}`, FILE_TIME, FILE_TIME);
  }
}
