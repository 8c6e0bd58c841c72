import { narrowFile } from "./private_files.ts";
import { storeFiles } from "./store_files.ts";

/**
 * Takes everybody else's rights to the KV file at `path` away, and to SQLite's files beside it: those that it makes get the
 * mode of the main one, but those that an earlier process left keep theirs.
 *
 * @throws StartError in one line.
 */
export async function narrowStoreFile(path: string, os: typeof Deno.build.os): Promise<void> {
  const { database, wal, shm } = storeFiles(path);
  for (const file of [database, wal, shm]) await narrowFile(file, os);
}
