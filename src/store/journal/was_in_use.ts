import { journalPlace } from "./journal_place.ts";
import type { MakeJournalFolderOptions } from "./make_journal_folder.ts";

/**
 * Whether a store at this place was opened before. A start writes the store's description first and makes the
 * journal's folder after it: a folder that existed before the description is read, and no description, mean that the
 * store lost its content.
 */
export async function wasInUse({ place, os, env }: MakeJournalFolderOptions): Promise<boolean> {
  try {
    const folder = await journalPlace(place, { os, env });
    return folder !== null && (await Deno.stat(`${folder}/machine`)).isFile;
  } catch {
    return false;
  }
}
