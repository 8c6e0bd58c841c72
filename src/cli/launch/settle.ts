import { dirname, join } from "node:path";
import type { Platform } from "../../platform.ts";
import { VERSION } from "../../version.ts";
import { userDataDirectory } from "../../store/files/store_place.ts";
import { isMissing } from "../../store/files/is_missing.ts";

/** A folder in npm's cache, and where its copy goes. */
export interface SettledPath {
  /** The folder in the cache. */
  readonly from: string;
  /** Where its copy goes. */
  readonly to: string;
}

/** What `npx` fetches for one run is in a folder of this form, which npm cleans. */
const IN_NPX_CACHE = /^(.*[/\\]_npx[/\\]([0-9a-f]+)[/\\]node_modules)([/\\].*)$/;

/** npm's links to the programs of packages, which nothing needs here. */
const NOT_COPIED: ReadonlySet<string> = new Set([".bin", ".package-lock.json"]);

/**
 * Where the file `path` is found tomorrow: itself, or in a copy that is to be made first. npm names the folder in its
 * cache after the packages as they were typed, mostly without a version, so that the copy has the versions in its name.
 */
export function settledPath(
  path: string,
  platform: Pick<Platform, "os" | "env">,
): { readonly path: string; readonly copies: readonly SettledPath[] } {
  const [, from, name = "", rest = ""] = IN_NPX_CACHE.exec(path) ?? [];
  if (from === undefined) return { path, copies: [] };
  const to = join(
    userDataDirectory(platform),
    "npm",
    `${VERSION}-${Deno.version.deno}-${name}`,
    "node_modules",
  );
  return { path: to + rest, copies: [{ from, to }] };
}

/** Makes the copies that do not exist yet. One that is made half is never used: it gets its name at the end. */
export async function settle(copies: readonly SettledPath[]): Promise<void> {
  for (const { from, to } of copies) {
    if (await exists(to)) continue;
    const draft = `${to}.draft`;
    await Deno.remove(draft, { recursive: true }).catch((error) => {
      if (!isMissing(error)) throw error;
    });
    await Deno.mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await copyFolder(from, draft);
    await Deno.rename(draft, to);
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory, isFile } of Deno.readDir(from)) {
    if (NOT_COPIED.has(name)) continue;
    const [source, target] = [join(from, name), join(to, name)];
    if (isDirectory) await copyFolder(source, target);
    // With its mode: programs stay programs.
    else if (isFile) await Deno.copyFile(source, target);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
