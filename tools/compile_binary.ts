import { VERSION } from "../src/version.ts";
import { BuildError } from "./build_error.ts";
import { bundleChunks } from "./bundle_program.ts";
import { binaryName, type CompileTarget } from "./compile_targets.ts";
import { PROJECT_FOLDER } from "./project_folder.ts";
import { runDeno } from "./run_deno.ts";

/** One binary to make. */
export interface CompileOptions {
  readonly target: CompileTarget;
  /** Where it goes; made where missing. */
  readonly folder: string;
  /** The environment of the build. `DENORT_BIN` in it counts for the platform of this machine alone. */
  readonly env: Readonly<Record<string, string>>;
  /** The main module, from the project's folder; `main.ts` by default. */
  readonly entry?: string;
}

/**
 * Everything that the program may do, and every unstable feature of deno.json, is baked in: what `exec` may do, which
 * every other command gives up when it starts (src/cli/surroundings/starts_programs.ts). The name of the app keeps
 * what Deno itself stores in one place, whatever the file is called.
 */
const FLAGS = [
  "--quiet",
  "--no-lock",
  "--no-prompt",
  "-P=cli",
  "--app-name=feishu-token-mcp",
];

/**
 * Compiles the bundled program into one executable file, whole or not at all.
 *
 * @returns its path.
 * @throws BuildError when the base of the target cannot be had, or Deno refuses to compile.
 */
export async function compileBinary(
  { target, folder, env, entry }: CompileOptions,
): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const path = `${folder}/${binaryName(VERSION, target)}`;
  const { DENORT_BIN: base, ...rest } = env;
  // Deno would put the base of this platform into the binary of any other.
  const isBaseGiven = base !== undefined && base !== "" &&
    target === Deno.build.target;
  const chunks = await Deno.makeTempDir({ prefix: "feishu-token-chunks-" });
  try {
    const main = await bundleChunks(chunks, rest, entry);
    const config = `--config=${PROJECT_FOLDER}/deno.json`;
    const { isOk, stderr } = await runDeno(
      ["compile", config, ...FLAGS, `--target=${target}`, `--output=${path}`, main],
      isBaseGiven ? { ...rest, DENORT_BIN: base } : rest,
    );
    if (isOk) return path;
    throw compileFailure(target, stderr);
  } finally {
    await Deno.remove(chunks, { recursive: true });
  }
}

/** The base runtime of a target cannot be had. */
export class MissingBase extends BuildError {}

/** What Deno's account of a failure means for the person who builds: the base that cannot be had, in one line, or all of it. */
export function compileFailure(target: CompileTarget, stderr: string): BuildError {
  return stderr.includes("Setting up base binary")
    ? new MissingBase(missingBase(target))
    : new BuildError(`Cannot compile for ${target}: ${stderr.trim()}`);
}

function missingBase(target: CompileTarget): string {
  const remedy = target === Deno.build.target
    ? "set DENORT_BIN to a denort of this platform, or try again where it can be reached"
    : "DENORT_BIN counts for this machine's own platform alone, so try again where it can be reached";
  return `Cannot compile for ${target}: its base runtime denort is not to be had from dl.deno.land; ${remedy}`;
}
