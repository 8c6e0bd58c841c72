import { narrowFile } from "./private_files.ts";
import { storeFiles } from "./store_files.ts";

/**
 * Takes all other users' rights away from the KV file at `path` and from SQLite's side files. SQLite gives a side
 * file that it makes the mode of the database, but one that an earlier process left keeps its own mode.
 *
 * @throws StartError in one line.
 */
export async function narrowStoreFile(path: string, os: typeof Deno.build.os): Promise<void> {
  const { database, wal, shm } = storeFiles(path);
  for (const file of [database, wal, shm]) await narrowFile(file, os);
}
