import { PROGRAM_FOLDER } from "../clients/running_server.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** The last commit of 0.1.0. */
const COMMIT = "afd160f5416799a296197ad6e5c40dabfd7fccbb";
/** Also where another user owns the clone. */
const GIT = ["-C", PROGRAM_FOLDER, "-c", "safe.directory=*"];

/**
 * Whether the repository's history goes back to 0.1.0. Says so in one line where it does not: that of a shallow clone, or
 * where there is no repository.
 */
export async function hasCodeOf010(): Promise<boolean> {
  if (await succeeds("git", [...GIT, "cat-file", "-e", `${COMMIT}^{commit}`])) return true;
  const line = `SKIPPED: no commit ${COMMIT.slice(0, 7)} (0.1.0) in the repository's history\n`;
  await Deno.stdout.write(new TextEncoder().encode(line));
  return false;
}

/** Unpacks the code of 0.1.0 into a folder of its own. */
export async function unpackCodeOf010(): Promise<TempFolder> {
  const folder = await TempFolder.make();
  const archive = `${folder.path}/archive.tar`;
  const isUnpacked =
    await succeeds("git", [...GIT, "archive", "--format=tar", `--output=${archive}`, COMMIT]) &&
    await succeeds("tar", ["-xf", archive, "-C", folder.path]);
  if (!isUnpacked) throw new Error("git archive or tar has failed");
  return folder;
}

/** Whether a program ends with 0; false also where there is no such program. */
async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(program, { args: [...args], stdout: "null", stderr: "null" })
      .output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
