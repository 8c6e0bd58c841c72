import { BuildError } from "./build_error.ts";
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
  const { isOk, stderr } = await runDeno(
    [
      "bundle",
      "--quiet",
      "--frozen",
      "--platform=deno",
      `--output=${path}`,
      "main.ts",
    ],
    env,
  );
  if (!isOk) throw new BuildError(`Cannot bundle: ${stderr.trim()}`);
  // The flags stand in the file itself, so that it can be started by its name, and read up where they were forgotten.
  const shebang = `#!/usr/bin/env -S deno run ${BUNDLE_RUN_FLAGS.join(" ")}\n`;
  await Deno.writeTextFile(path, shebang + await Deno.readTextFile(path));
  if (Deno.build.os !== "windows") await Deno.chmod(path, EXECUTABLE_MODE);
  return path;
}
