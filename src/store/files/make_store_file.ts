import type { Clock } from "../../ports/clock.ts";
import { type FileIdentity, fileIdentity } from "./file_identity.ts";
import { underFolderLock } from "./under_folder_lock.ts";
import { parentFolder, type StorePlace } from "./store_place.ts";
import { makeOwnFolder, makePrivateFile, makePrivateFolder } from "./private_files.ts";
import { storeFiles } from "./store_files.ts";

/**
 * Makes the KV file at `place` (0600) and its folder (0700) where they are missing. Side files of a database that is
 * gone are removed first: the log of a file that a process still has open would damage the new database next to it
 * ("disk I/O error" at best, measured on Deno 2.9.6).
 *
 * @param gone the file that this process had open at `place`, where something else is there now.
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
    // One process at a time: a second one would remove the side files that the first has just opened.
    await underFolderLock(folder, options, async () => {
      if (isWithoutDatabase(await fileIdentity(place.path), gone)) await removeSideFiles([wal, shm]);
      await makePrivateFile(database);
    });
  } else {
    await makePrivateFile(database);
  }
}

/** What {@linkcode makeStoreFile} needs. */
export interface StoreFileOptions {
  /** The system whose rules for files apply. */
  readonly os: typeof Deno.build.os;
  /** Bounds the wait for other processes. */
  readonly clock: Clock;
}

/** Whether the log at the path belongs to no database, or to the one that is `gone`. */
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
