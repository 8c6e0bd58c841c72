import type { Phrase } from "../../errors/language.ts";
import type { Platform } from "../../platform.ts";
import { editFile, type FileEdit, undoEdit } from "../client_files/edit_file.ts";
import { decodeFile } from "../client_files/file_text.ts";
import type { McpClient } from "../clients/mcp_client.ts";
import type { PlacedEntry } from "./place_entry.ts";

/**
 * Undoes what was done for an entry whose server does not start. Where the client has written its file meanwhile, the
 * entry alone is taken out, if there was none of its name before.
 *
 * @returns what became of the file: a clause.
 * @throws StartError where it cannot be changed.
 */
export async function putBack(
  client: McpClient,
  name: string,
  { path, edit }: PlacedEntry,
  { os, random, clock }: Platform,
): Promise<Phrase> {
  const options = { os, random, now: (): number => clock.now() };
  if (edit === undefined || await undoEdit(edit, options)) {
    return { en: `${path} is as it was`, zh: `${path} 已恢复原样` };
  }
  if (hadEntry(client, name, edit)) {
    return {
      en: `${client.title} has changed ${path} meanwhile, which keeps the new entry: uninstall removes it`,
      zh: `${client.title} 期间改动了 ${path}，新条目仍在其中：可用 uninstall 删除`,
    };
  }
  await editFile(path, (text) => client.format.remove(text, name), options);
  return {
    en: `${client.title} has changed ${path} meanwhile, and the entry was taken out of it`,
    zh: `${client.title} 期间改动了 ${path}，条目已从中删除`,
  };
}

function hadEntry({ format }: McpClient, name: string, { before = new Uint8Array() }: FileEdit): boolean {
  return format.entries(decodeFile(before).text).has(name);
}
