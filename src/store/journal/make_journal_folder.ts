import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { flushFolder } from "../files/durable_files.ts";
import { journalPlace } from "./journal_place.ts";
import { parentFolder, type PlaceOptions, type StorePlace } from "../files/store_place.ts";
import { makeOwnFolder } from "../files/private_files.ts";

/** What {@linkcode makeJournalFolder} goes by. */
export interface JournalFolderOptions extends Pick<PlaceOptions, "os" | "env"> {
  /** Where the store is. */
  readonly place: StorePlace;
}

/** The journal's folder, made. */
export interface MadeJournalFolder {
  /** `null` where there is none. */
  readonly folder: string | null;
  /** Why there is none where there should be one. */
  readonly problem?: Phrase;
}

/**
 * Makes the folder of the journal for a store. A database on the network is used without one where this machine has no
 * room for it, as in a container that writes nothing: a pair is then safe once the database has it, and not before.
 *
 * @throws StartError when there is none beside a KV file.
 */
export async function makeJournalFolder(options: JournalFolderOptions): Promise<MadeJournalFolder> {
  try {
    return { folder: await make(options) };
  } catch (error) {
    if (options.place.kind !== "remote" || !(error instanceof StartError)) throw error;
    return { folder: null, problem: error.problem };
  }
}

async function make({ place, os, env }: JournalFolderOptions): Promise<string | null> {
  const folder = await journalPlace(place, { os, env });
  if (folder === null) return null;
  const parent = parentFolder(folder, os);
  // For a database on the network the parent is the user's data directory, which is this program's own.
  if (place.kind === "remote") await makeOwnFolder(parent, os);
  await makeOwnFolder(folder, os);
  await flushFolder(parent, os);
  return folder;
}
