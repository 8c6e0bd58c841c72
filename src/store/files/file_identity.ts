import { isMissing } from "./is_missing.ts";
import { storeFiles } from "./store_files.ts";

/**
 * Tells a KV file from another one at the same path: device and inode of the database and of SQLite's write-ahead
 * log. A database without its log is another database. Constant on Windows, where nobody can delete an open file.
 */
export interface FileIdentity {
  /** Of the database; `null` where there is none. */
  readonly database: string | null;
  /** Of the write-ahead log; `null` where there is none. */
  readonly wal: string | null;
}

/**
 * The identity of the file that is at `path` now.
 *
 * @throws Error of the operating system when the path cannot be looked at.
 */
export async function fileIdentity(path: string): Promise<FileIdentity> {
  const files = storeFiles(path);
  const [database, wal] = await Promise.all([inodeOf(files.database), inodeOf(files.wal)]);
  return { database, wal };
}

/** Whether `one` and `other` are the same database. */
export function isSameFile(one: FileIdentity, other: FileIdentity): boolean {
  return one.database === other.database && one.wal === other.wal;
}

async function inodeOf(path: string): Promise<string | null> {
  try {
    const { dev, ino } = await Deno.stat(path);
    return `${dev}:${ino}`;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
