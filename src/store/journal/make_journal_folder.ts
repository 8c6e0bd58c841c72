import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { flushFolder } from "../files/durable_files.ts";
import { journalPlace } from "./journal_place.ts";
import type { PlaceOptions } from "../files/place_options.ts";
import { parentFolder, type StorePlace } from "../files/store_place.ts";
import { makeOwnFolder } from "../files/private_files.ts";

/**
 * Makes the folder of the journal for a store. Where this machine cannot have one, as in a read-only container, a
 * database on the network is used without a journal: a pair is then safe only once the database has it.
 *
 * @throws StartError when the folder next to a KV file cannot be made.
 */
export async function makeJournalFolder(options: MakeJournalFolderOptions): Promise<MadeJournalFolder> {
  try {
    return { folder: await make(options) };
  } catch (error) {
    if (options.place.kind !== "remote" || !(error instanceof StartError)) throw error;
    return { folder: null, problem: error.problem };
  }
}

/** What {@linkcode makeJournalFolder} goes by. */
export interface MakeJournalFolderOptions extends Pick<PlaceOptions, "os" | "env"> {
  /** Where the store is. */
  readonly place: StorePlace;
}

/** What {@linkcode makeJournalFolder} made. */
export interface MadeJournalFolder {
  /** `null` where the store has no journal. */
  readonly folder: string | null;
  /** Why there is no journal where there should be one. */
  readonly problem?: Phrase;
}

async function make({ place, os, env }: MakeJournalFolderOptions): Promise<string | null> {
  const folder = await journalPlace(place, { os, env });
  if (folder === null) return null;
  const parent = parentFolder(folder, os);
  // For a database on the network the parent is the user's data directory, which is this program's own.
  if (place.kind === "remote") await makeOwnFolder(parent, os);
  await makeOwnFolder(folder, os);
  await flushFolder(parent, os);
  return folder;
}
