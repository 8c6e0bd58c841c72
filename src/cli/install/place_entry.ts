import type { Phrase } from "../../errors/language.ts";
import type { Platform } from "../../platform.ts";
import { editFile, type EditFileOptions, type FileEdit } from "../client_files/edit_file.ts";
import { commandOf, type EntryCommand } from "../client_files/entry_format.ts";
import { asFields, isSameValue } from "../client_files/plain_value.ts";
import { unfitClientFile } from "../client_files/unfit_client_file.ts";
import { type McpClient, REMOTE_FIELDS } from "../clients/mcp_client.ts";
import { isOwnEntry } from "./is_own_entry.ts";
import { readEntries } from "./read_entries.ts";
import { runOwnCommand } from "./run_own_command.ts";

/** How often an entry is written that its client removes again. */
const MOST_WRITES = 3;

/** An entry that is in its client's file. */
export interface PlacedEntry {
  /** The client's file. */
  readonly path: string;
  /** The entry as it was read back. */
  readonly entry: EntryCommand;
  /** What was done to the file; `undefined` where the entry was there already. */
  readonly edit?: FileEdit;
  /** The client's own command, where that has written it. */
  readonly by?: string;
}

/** What {@linkcode placeEntry} needs. */
export interface PlaceEntryOptions extends Pick<EditFileOptions, "onDrafted"> {
  /** The machine. */
  readonly platform: Platform;
  /** Tells what went wrong on a way that has another behind it. */
  readonly warn: (line: Phrase) => void;
}

/**
 * Puts an entry into a client's configuration, by the client's own command where there is one, else into its file, and
 * reads it back.
 *
 * @throws StartError in one line; the file is as it was then.
 */
export async function placeEntry(
  client: McpClient,
  name: string,
  wanted: EntryCommand,
  { platform, warn, ...options }: PlaceEntryOptions,
): Promise<PlacedEntry> {
  const path = await client.place(platform);
  const fields = client.fields(wanted);
  const { entries, edit } = await readEntries(client, path, platform.os);
  const existing = entries.get(name);
  if (existing !== undefined && !isOwnEntry(name, existing)) throw takenName(path, name);
  const isRemote = REMOTE_FIELDS.some((field) => Object.hasOwn(asFields(existing), field));
  if (isSameCommand(existing, wanted) && !isRemote) return { path, entry: wanted };
  const by = await runOwnCommand(
    client,
    { name, entry: wanted, exists: existing !== undefined },
    platform,
    warn,
  );
  if (by !== undefined) {
    const now = await readEntries(client, path, platform.os);
    if (isSameCommand(now.entries.get(name), wanted)) {
      return { path, entry: wanted, by, edit: { ...edit, after: now.edit.after } };
    }
    warn({
      en: `${by} did not put the entry into ${path}: it is written there directly`,
      zh: `${by} 没有把该条目写入 ${path}：将直接写入该文件`,
    });
  }
  const { os, random, clock } = platform;
  const editing = { os, random, now: () => clock.now(), ...options };
  for (let tries = 0; tries < MOST_WRITES; tries++) {
    const done = await editFile(
      path,
      (text) => client.format.set(text, name, fields, REMOTE_FIELDS),
      editing,
    );
    const now = await readEntries(client, path, os);
    // To be undone with what the client's own command may have changed.
    const whole = { ...done, before: edit.before };
    if (isSameCommand(now.entries.get(name), wanted)) return { path, entry: wanted, edit: whole };
  }
  throw unfitClientFile(path, {
    en: `${client.title} takes the entry out again`,
    zh: `${client.title} 又把该条目删除了`,
  }, {
    en: `quit ${client.title}, and run the command again`,
    zh: `请退出 ${client.title}，然后重新运行此命令`,
  });
}

function takenName(path: string, name: string): Error {
  return unfitClientFile(path, {
    en: `its entry ${name} is another server`,
    zh: `其中的条目 ${name} 是另一个服务`,
  }, { en: "choose another name with --as", zh: "请用 --as 指定其他名称" });
}

function isSameCommand(entry: unknown, wanted: EntryCommand): boolean {
  return isSameValue(commandOf(entry), {
    command: wanted.command,
    args: [...wanted.args],
    env: { ...wanted.env },
  });
}
