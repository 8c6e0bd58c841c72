import { basename, dirname, join } from "node:path";
import { writeNewFile } from "./write_new_file.ts";

/** How many copies of a file are kept. */
const MOST_BACKUPS = 3;

const MARK = ".feishu-token-mcp-";

/** A copy to make. */
export interface Backup {
  /** The file that is copied. */
  readonly path: string;
  /** Its content. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its permissions: it may hold secrets of other servers. */
  readonly mode: number;
  /** The time, in Unix milliseconds, which names the copy. */
  readonly nowMs: number;
}

/** Copies a file next to itself. Returns the path of the copy. */
export async function makeBackup({ path, bytes, mode, nowMs }: Backup): Promise<string> {
  const time = new Date(nowMs).toISOString().replaceAll(/[-:.]/g, "");
  for (let number = 0;; number++) {
    const copy = `${path}${MARK}${time}${number === 0 ? "" : `-${number}`}.bak`;
    try {
      await writeNewFile(copy, bytes, mode);
      return copy;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** Removes the oldest copies of the file at `path`, but for the newest three. */
export async function pruneBackups(path: string): Promise<void> {
  const copies: string[] = [];
  const begin = `${basename(path)}${MARK}`;
  for await (const { name } of Deno.readDir(dirname(path))) {
    if (name.startsWith(begin) && name.endsWith(".bak")) copies.push(name);
  }
  for (const name of copies.toSorted().slice(0, -MOST_BACKUPS)) {
    await Deno.remove(join(dirname(path), name));
  }
}
