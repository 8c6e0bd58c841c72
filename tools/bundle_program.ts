import { BuildError } from "./build_error.ts";
import { finishBundle } from "./finish_bundle.ts";
import { runDeno } from "./run_deno.ts";

/** What somebody who runs the bundle must give to Deno: it stands alone, without the project's deno.json. */
export const BUNDLE_RUN_FLAGS: readonly string[] = [
  "--no-prompt",
  "--unstable-kv",
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
];

const EXECUTABLE_MODE = 0o755;

/**
 * Bundles `main.ts` with all of its packages into one file for `deno run`.
 *
 * @returns its path.
 * @throws BuildError when Deno refuses.
 */
export async function bundleProgram(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const path = `${folder}/feishu-token-mcp.js`;
  await bundle([`--output=${path}`, "main.ts"], env);
  await finishBundle(path);
  // The flags stand in the file itself, so that it can be started by its name, and read up where they were forgotten.
  const shebang = `#!/usr/bin/env -S deno run ${BUNDLE_RUN_FLAGS.join(" ")}\n`;
  await Deno.writeTextFile(path, shebang + await Deno.readTextFile(path));
  if (Deno.build.os !== "windows") await Deno.chmod(path, EXECUTABLE_MODE);
  return path;
}

/**
 * Bundles a program into a folder of its own, in chunks: what a command does not need is not read. That starts faster and
 * takes less memory than one file (docs/benchmarks.md).
 *
 * @param entry the main module, from the project's folder.
 * @returns the path of the main module in `folder`.
 * @throws BuildError when Deno refuses.
 */
export async function bundleChunks(
  folder: string,
  env: Readonly<Record<string, string>>,
  entry = "main.ts",
): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  await bundle(["--code-splitting", `--outdir=${folder}`, entry], env);
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".js")) await finishBundle(`${folder}/${name}`);
  }
  return `${folder}/${entry.replace(/^.*\//, "").replace(/\.ts$/, ".js")}`;
}

async function bundle(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const { isOk, stderr } = await runDeno(
    ["bundle", "--quiet", "--frozen", "--platform=deno", "--minify", ...args],
    env,
  );
  if (!isOk) throw new BuildError(`Cannot bundle: ${stderr.trim()}`);
}
