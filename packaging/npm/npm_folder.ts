import { bundleChunks } from "../../tools/bundle_program.ts";
import { withComputedImports } from "../../tools/finish_bundle.ts";
import { PROJECT_FOLDER } from "../../tools/project_folder.ts";
import { serverConfig } from "../server_config.ts";
import { launcherWords } from "./launcher_words.ts";
import { npmManifest } from "./npm_manifest.ts";

const LAUNCHER = `${PROJECT_FOLDER}/packaging/npm/bin`;
const EXECUTABLE_MODE = 0o755;

/** What {@linkcode writeNpmFolder} needs. */
export interface NpmFolderOptions {
  /** Where it goes. */
  readonly folder: string;
  /** The environment of the build. */
  readonly env: Readonly<Record<string, string>>;
  /** The main module of the server, from the project's folder; `main.ts` by default. */
  readonly entry?: string | undefined;
}

/** Writes the files of the npm package: launcher, bundled server, manifest, README and licence. */
export async function writeNpmFolder({ folder, env, entry }: NpmFolderOptions): Promise<void> {
  await writeServer(`${folder}/server`, env, entry);
  await writeJson(`${folder}/server/words.json`, launcherWords());
  await Deno.mkdir(`${folder}/bin`, { recursive: true });
  for await (const { name } of Deno.readDir(LAUNCHER)) {
    await Deno.copyFile(`${LAUNCHER}/${name}`, `${folder}/bin/${name}`);
  }
  await Deno.chmod(`${folder}/bin/feishu-token-mcp.mjs`, EXECUTABLE_MODE);
  await writeJson(`${folder}/package.json`, npmManifest());
  for (const name of ["README.md", "LICENSE"]) {
    await Deno.copyFile(`${PROJECT_FOLDER}/${name}`, `${folder}/${name}`);
  }
}

/** Writes the bundled server, `main.js`, with the `deno.json` that it is run with. */
export async function writeServer(
  folder: string,
  env: Readonly<Record<string, string>>,
  entry?: string,
): Promise<void> {
  const main = await bundleChunks(folder, env, entry);
  // The main module alone: what it imports, a command, is loaded before anything is served. What a server imports later must
  // be in its memory by then, since its package may be updated or taken away.
  await Deno.writeTextFile(main, withComputedImports(await Deno.readTextFile(main)));
  if (main !== `${folder}/main.js`) await Deno.rename(main, `${folder}/main.js`);
  await writeJson(`${folder}/deno.json`, serverConfig());
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
