import { isMissing } from "./is_missing.ts";
import { storeFiles } from "./store_files.ts";

/**
 * What tells a KV file from another one that takes its place: device and inode, also of SQLite's write-ahead log, without
 * which it is another database. Constant on Windows, where nobody can delete an open file.
 */
export interface FileIdentity {
  /** Of the database; `null` where there is none. */
  readonly database: string | null;
  /** Of the write-ahead log; `null` where there is none. */
  readonly wal: string | null;
}

/**
 * The identity of what stands at `path` now.
 *
 * @throws Error of the operating system when that cannot be told.
 */
export async function fileIdentity(path: string): Promise<FileIdentity> {
  const files = storeFiles(path);
  const [database, wal] = await Promise.all([inodeOf(files.database), inodeOf(files.wal)]);
  return { database, wal };
}

/** Whether both are one and the same database. */
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
