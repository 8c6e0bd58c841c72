import { OUTSIDE_NAMES } from "../../src/outside_names.ts";
import { VERSION } from "../../src/version.ts";
import { BuildError } from "../../tools/build_error.ts";
import { type NpmFolderOptions, writeNpmFolder } from "./npm_folder.ts";

/** File name of the packed npm package. */
export const NPM_FILE: string = `${OUTSIDE_NAMES.npmPackage}-${VERSION}.tgz`;

/**
 * Packs the npm package into `folder` by npm itself.
 *
 * @returns its path.
 * @throws BuildError where there is no npm, or it refuses.
 */
export async function packNpm({ folder, env, entry }: NpmFolderOptions): Promise<string> {
  const staged = await Deno.makeTempDir({ prefix: "feishu-token-npm-" });
  try {
    await writeNpmFolder({ folder: staged, env, entry });
    await Deno.mkdir(folder, { recursive: true });
    const options = ["--ignore-scripts", "--silent", "--pack-destination", await Deno.realPath(folder)];
    const { success, stderr } = await npm(["pack", ...options], staged, env);
    if (!success) {
      throw new BuildError(`Cannot pack the npm package: ${new TextDecoder().decode(stderr).trim()}`);
    }
    return `${folder}/${NPM_FILE}`;
  } finally {
    await Deno.remove(staged, { recursive: true });
  }
}

async function npm(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Deno.CommandOutput> {
  try {
    return await new Deno.Command(Deno.build.os === "windows" ? "npm.cmd" : "npm", {
      args: [...args],
      cwd,
      clearEnv: true,
      env: { ...env, npm_config_update_notifier: "false" },
      stdin: "null",
    }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new BuildError("No npm", { cause: error });
    throw error;
  }
}
