import { posix, win32 } from "node:path";

const MAY_RUN = 0o111;

/** The machine, as far as it says where programs are. */
export interface ProgramFolders {
  /** The system whose conventions apply. */
  readonly os: typeof Deno.build.os;
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
}

/**
 * The absolute path of the program `name` in the folders of `PATH`. On Windows only an `.exe`: a script such as
 * `code.cmd` needs a shell, which would read the arguments anew.
 */
export async function findOnPath(name: string, { os, env }: ProgramFolders): Promise<string | undefined> {
  const { join, isAbsolute } = os === "windows" ? win32 : posix;
  const folders = (env("PATH") ?? "").split(os === "windows" ? ";" : ":").filter((folder) =>
    isAbsolute(folder)
  );
  for (const folder of folders) {
    const path = join(folder, os === "windows" ? `${name}.exe` : name);
    try {
      const { isFile, mode } = await Deno.stat(path);
      if (isFile && (os === "windows" || ((mode ?? 0) & MAY_RUN) !== 0)) return path;
    } catch {
      // Not in this folder, or not for this user to know.
    }
  }
  return undefined;
}
