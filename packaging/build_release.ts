import { VERSION } from "../src/version.ts";
import { BuildError } from "../tools/build_error.ts";
import { bundleProgram } from "../tools/bundle_program.ts";
import { compileBinary, MissingBase } from "../tools/compile_binary.ts";
import { binaryName, COMPILE_TARGETS, type CompileTarget } from "../tools/compile_targets.ts";
import { PROJECT_FOLDER } from "../tools/project_folder.ts";
import { writeSums } from "../tools/write_sums.ts";
import { COMPLETION_FILES } from "./completions/completion_files.ts";
import { writeCompletions } from "./completions/write_completions.ts";
import { buildImage } from "./build_image.ts";
import { homebrewFormula } from "./homebrew_formula.ts";
import { installScript } from "./install_script.ts";
import { packMcpb } from "./mcpb/pack_mcpb.ts";
import { packNpm } from "./npm/pack_npm.ts";
import { readSums } from "./read_sums.ts";
import { type DenoLock, sbom } from "./sbom.ts";
import { scoopManifest } from "./scoop_manifest.ts";
import { serverJson } from "./server_json.ts";

const EXECUTABLE_MODE = 0o755;

/** What {@linkcode buildRelease} needs. */
export interface ReleaseOptions {
  /** Is emptied first. */
  readonly folder: string;
  /** Platforms of which binary and Claude Desktop bundle are made. */
  readonly targets: readonly CompileTarget[];
  /** The environment of the build. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes a line for each thing that was made, and for each that was not. */
  readonly say: (line: string) => void;
}

/**
 * Makes everything that a release consists of. What cannot be had is left out, with a line `SKIPPED: …`.
 *
 * @returns how many things were left out.
 * @throws BuildError for any other failure.
 */
export async function buildRelease({ folder, targets, env, say }: ReleaseOptions): Promise<number> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.mkdir(folder, { recursive: true });
  let skipped = 0;
  const skip = (what: string): void => {
    skipped++;
    say(`SKIPPED: ${what}`);
  };
  const write = async (name: string, text: string): Promise<void> => {
    await Deno.writeTextFile(`${folder}/${name}`, text);
    say(`${folder}/${name}`);
  };
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

  say(await packNpm({ folder, env }));
  say(await bundleProgram(folder, env));
  for (const target of targets) {
    try {
      say(await compileBinary({ target, folder, env }));
    } catch (error) {
      if (!(error instanceof MissingBase)) throw error;
      skip(`no denort for ${target}`);
    }
    try {
      say(await packMcpb(target, folder, env));
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      skip(`Claude Desktop bundle for ${target} (${error.message.split("\n", 1)[0]})`);
    }
  }
  const others = COMPILE_TARGETS.filter((target) => !targets.includes(target));
  if (others.length > 0) say(`not asked for: ${others.join(", ")}`);
  await writeCompletions(folder);
  for (const name of Object.values(COMPLETION_FILES)) say(`${folder}/${name}`);
  await write("install.sh", await installScript());
  if (Deno.build.os !== "windows") await Deno.chmod(`${folder}/install.sh`, EXECUTABLE_MODE);
  await write(`feishu-token-mcp-${VERSION}.cdx.json`, json(sbom(await lockFile())));
  const image = await buildImage(`${folder}/feishu-token-mcp-${VERSION}-image.tar`, env);
  if (image.path === undefined) skip(`container image (${image.reason})`);
  else say(image.path);

  await writeSums(folder);
  const sums = readSums(await Deno.readTextFile(`${folder}/SHA256SUMS`));
  await write("feishu-token-mcp.rb", homebrewFormula(sums));
  await write("feishu-token-mcp.json", json(scoopManifest(sums)));
  const windows = binaryName(VERSION, "x86_64-pc-windows-msvc");
  if (!sums.has(windows)) say(`feishu-token-mcp.json offers nothing: ${windows} is not in this build`);
  await write("server.json", json(serverJson([...sums].filter(([name]) => name.endsWith(".mcpb")))));
  await writeSums(folder);
  say(`${folder}/SHA256SUMS`);
  return skipped;
}

async function lockFile(): Promise<DenoLock> {
  return JSON.parse(await Deno.readTextFile(`${PROJECT_FOLDER}/deno.lock`)) as DenoLock;
}
