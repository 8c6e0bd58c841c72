import { journalPlace } from "./journal_place.ts";
import type { JournalFolderOptions } from "./make_journal_folder.ts";

/**
 * Whether a store at this place was opened before: its journal's folder is made after its description was written. Asked
 * before that is read, a store without one has lost what it held.
 */
export async function wasInUse({ place, os, env }: JournalFolderOptions): Promise<boolean> {
  try {
    const folder = await journalPlace(place, { os, env });
    return folder !== null && (await Deno.stat(`${folder}/machine`)).isFile;
  } catch {
    return false;
  }
}
