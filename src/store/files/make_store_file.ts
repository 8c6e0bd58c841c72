import type { Clock } from "../../ports/clock.ts";
import { type FileIdentity, fileIdentity } from "./file_identity.ts";
import { underFolderLock } from "./under_folder_lock.ts";
import { parentFolder, type StorePlace } from "./store_place.ts";
import { makeOwnFolder, makePrivateFile, makePrivateFolder } from "./private_files.ts";
import { storeFiles } from "./store_files.ts";

/** What {@linkcode makeStoreFile} needs. */
export interface StoreFileOptions {
  /** Whose rules for files count. */
  readonly os: typeof Deno.build.os;
  /** Bounds the wait for other processes. */
  readonly clock: Clock;
}

/**
 * Makes the KV file at `place` and its folder (0600, 0700) where they are missing. SQLite's side files are removed first where their database is gone: opened beside another one, the
 * log of a file that a process still has open would damage it ("disk I/O error" at best, seen on Deno 2.9.6).
 *
 * @param gone what stood there when this process last opened it, where it has found something else since.
 * @throws StartError in one line.
 */
export async function makeStoreFile(
  place: Extract<StorePlace, { readonly kind: "file" }>,
  options: StoreFileOptions,
  gone?: FileIdentity,
): Promise<void> {
  const { os } = options;
  const { database, wal, shm } = storeFiles(place.path);
  const folder = parentFolder(place.path, os);
  if (place.ownFolder) await makeOwnFolder(folder, os);
  else await makePrivateFolder(folder);
  if (isWithoutDatabase(await fileIdentity(place.path), gone)) {
    // Two processes must not do so at once: the second would take away what the first has just opened.
    await underFolderLock(folder, options, async () => {
      if (isWithoutDatabase(await fileIdentity(place.path), gone)) await removeSideFiles([wal, shm]);
      await makePrivateFile(database);
    });
  } else {
    await makePrivateFile(database);
  }
}

/** Whether the log that stands there is of no database, or of one that does not stand there any more. */
function isWithoutDatabase({ database, wal }: FileIdentity, gone: FileIdentity | undefined): boolean {
  if (database === null) return true;
  return gone !== undefined && wal !== null && wal === gone.wal && database !== gone.database;
}

async function removeSideFiles(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await Deno.remove(path).catch((error: unknown) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}
