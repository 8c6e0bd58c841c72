import { PROJECT_FOLDER } from "./project_folder.ts";

/** As it stands in src/commit.ts, which a bundle contains. */
const STAMP = "@@COMMIT@@";
let known: Promise<string | undefined> | undefined;

/**
 * Writes the commit of the project's folder into a bundled file, in the place that src/commit.ts keeps for it. Does
 * nothing where there is no commit, as in an archive of the sources, and where files of a commit were changed.
 */
export async function stampCommit(path: string): Promise<void> {
  const commit = await (known ??= cleanCommit());
  if (commit === undefined) return;
  const text = await Deno.readTextFile(path);
  if (text.includes(STAMP)) await Deno.writeTextFile(path, text.replaceAll(STAMP, commit));
}

/** The commit whose files the project's folder has; `undefined` where one was changed. */
export async function cleanCommit(): Promise<string | undefined> {
  const commit = await git(["rev-parse", "HEAD"]);
  const changes = await git(["status", "--porcelain", "--untracked-files=no"]);
  return changes === "" ? commit : undefined;
}

/** Tags of the commit. */
export async function tagsOf(): Promise<readonly string[]> {
  return (await git(["tag", "--points-at", "HEAD"]))?.split("\n") ?? [];
}

async function git(args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: [...args],
      cwd: PROJECT_FOLDER,
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
