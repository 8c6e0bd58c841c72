import { dirname } from "node:path";
import type { Random } from "../../ports/random.ts";
import { base64url } from "../../store/files/bytes.ts";
import { flushFolder } from "../../store/files/durable_files.ts";
import { makeBackup, pruneBackups } from "./backups.ts";
import { decodeFile, encodeFile, isSameContent } from "./file_text.ts";
import { linkTarget } from "./link_target.ts";
import { readClientFile } from "./read_client_file.ts";
import { clientFileError, unfitClientFile } from "./unfit_client_file.ts";
import { writeNewFile } from "./write_new_file.ts";

/** How often a file is read and merged again that its client writes at the same time. */
const MOST_EDITS = 5;

/** What {@linkcode editFile} needs. */
export interface EditFileOptions {
  /** The system whose rules for files apply. */
  readonly os: typeof Deno.build.os;
  /** Names the draft. */
  readonly random: Random;
  /** The wall clock, which names backups. */
  readonly now: () => number;
  /** For tests: awaited when the new content is drafted, before the file is compared with what was read. */
  readonly onDrafted?: () => Promise<void>;
}

/** A change of a file that was made. */
export interface FileEdit {
  /** The file that was written, behind any links. */
  readonly path: string;
  /** Its content before; `undefined` where it did not exist. */
  readonly before: Uint8Array<ArrayBuffer> | undefined;
  /** Its content now. */
  readonly after: Uint8Array<ArrayBuffer>;
  /** Its permissions. */
  readonly mode: number;
  /** Copy of its content before. Absent where there was none, or nothing to change. */
  readonly backup?: string;
}

/**
 * Changes the text of the file at `path`: a draft next to it takes its place in one step. Where the file has been
 * changed since it was read, it is read and changed again.
 *
 * @param edit makes the new text of the old one, which is empty where there is no file.
 * @throws StartError in one line, also for what `edit` throws; the file is as it was then.
 */
export async function editFile(
  path: string,
  edit: (text: string) => string,
  options: EditFileOptions,
): Promise<FileEdit> {
  try {
    const target = await linkTarget(path);
    for (let tries = 0; tries < MOST_EDITS; tries++) {
      const done = await editOnce(target, edit, options);
      if (done !== undefined) return done;
    }
  } catch (error) {
    throw clientFileError(path, error);
  }
  throw unfitClientFile(path, { en: "another program keeps writing it", zh: "另一个程序在不断写入它" }, {
    en: "close the client, and run the command again",
    zh: "请关闭该客户端，然后重新运行此命令",
  });
}

/** One try; `undefined` where the file was changed meanwhile. */
async function editOnce(
  path: string,
  edit: (text: string) => string,
  options: EditFileOptions,
): Promise<FileEdit | undefined> {
  const { os } = options;
  const { bytes: before, mode } = await readClientFile(path, os);
  const { text, mark } = decodeFile(before ?? new Uint8Array());
  const edited = edit(text);
  if (before !== undefined && edited === text) return { path, before, after: before, mode };
  const after = encodeFile({ text: edited, mark });
  const backup = await replaceFile(path, { before, after, mode }, options);
  if (backup === false) return undefined;
  await pruneBackups(path);
  return { path, before, after, mode, ...(backup === undefined ? {} : { backup }) };
}

/**
 * Puts `after` in the place of the file, if its content is still `before`.
 *
 * @returns the path of a copy of `before`, if there was such a file; `false` where the file was changed meanwhile.
 */
async function replaceFile(
  path: string,
  { before, after, mode }: Pick<FileEdit, "before" | "after" | "mode">,
  { os, random, now, onDrafted }: EditFileOptions,
): Promise<string | undefined | false> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${base64url(random.bytes(6))}.tmp`;
  let backup: string | undefined;
  let isDone = false;
  try {
    await writeNewFile(draft, after, mode);
    if (before !== undefined) backup = await makeBackup({ path, bytes: before, mode, nowMs: now() });
    await onDrafted?.();
    if (!isSameContent((await readClientFile(path, os)).bytes, before)) return false;
    await Deno.rename(draft, path);
    isDone = true;
    await flushFolder(dirname(path), os);
    return backup;
  } finally {
    if (!isDone) {
      await Deno.remove(draft).catch(() => {});
      if (backup !== undefined) await Deno.remove(backup).catch(() => {});
    }
  }
}

/**
 * Puts the content back that the file had before `edit`, and removes the copy. Does nothing where somebody has changed
 * the file since.
 *
 * @returns whether the file is as it was.
 */
export async function undoEdit(edit: FileEdit, { os, random }: EditFileOptions): Promise<boolean> {
  const { path, before, after, mode, backup } = edit;
  if (!isSameContent((await readClientFile(path, os)).bytes, after)) return false;
  if (before === undefined) {
    await Deno.remove(path);
  } else if (!isSameContent(before, after)) {
    const draft = `${path}.${base64url(random.bytes(6))}.tmp`;
    await writeNewFile(draft, before, mode);
    await Deno.rename(draft, path);
  }
  await flushFolder(dirname(path), os);
  if (backup !== undefined) await Deno.remove(backup).catch(() => {});
  return true;
}
