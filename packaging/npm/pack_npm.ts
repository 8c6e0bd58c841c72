import { OUTSIDE_NAMES } from "../../src/outside_names.ts";
import { VERSION } from "../../src/version.ts";
import { runNpm } from "../run_npm.ts";
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
    await runNpm(["pack", ...options], staged, env);
    return `${folder}/${NPM_FILE}`;
  } finally {
    await Deno.remove(staged, { recursive: true });
  }
}
