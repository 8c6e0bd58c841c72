import type { Random } from "../../ports/random.ts";
import { base64url, utf8 } from "./bytes.ts";
import { parentFolder } from "./store_place.ts";
import { readSmallFile } from "./read_small_file.ts";

/** Far more than a key or an id takes, in bytes. */
const MOST_ONCE_BYTES = 4096;

/** Makes the file `path` (0600), which must not exist. When it resolves, `text` is on the medium. */
export async function writeFlushed(path: string, text: string): Promise<void> {
  const file = await Deno.open(path, { createNew: true, write: true, mode: 0o600 });
  try {
    const bytes = utf8(text);
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
    await file.sync();
  } finally {
    file.close();
  }
}

/** Flushes the content of the file `path`, whichever process wrote it. Does nothing where it was removed or renamed. */
export async function flushFile(path: string): Promise<void> {
  try {
    using file = await Deno.open(path, { read: true, write: true });
    await file.sync();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Flushes the names in `folder`: a crash can still lose the name of a flushed file. Windows needs no such call. */
export async function flushFolder(folder: string, os: typeof Deno.build.os): Promise<void> {
  if (os === "windows") return;
  const handle = await Deno.open(folder, { read: true });
  try {
    await handle.sync();
  } finally {
    handle.close();
  }
}

/**
 * Makes the file `path` (0600) with `text`, unless it exists. Processes that call this at the same time get one
 * content: each writes a whole draft and links it into place, which succeeds for the first alone.
 *
 * @returns the content of the file.
 * @throws UnfitFile when something other than a small file is there; else Error of the operating system.
 */
export async function createOnce(path: string, text: string, options: CreateOnceOptions): Promise<string> {
  const { os, random } = options;
  const draft = `${path}.${base64url(random.bytes(6))}`;
  try {
    await writeFlushed(draft, text);
    await Deno.link(draft, path);
    await flushFolder(parentFolder(path, os), os);
    return text;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return await readSmallFile(path, MOST_ONCE_BYTES);
    throw error;
  } finally {
    await Deno.remove(draft).catch(() => {});
  }
}

/** What {@linkcode createOnce} needs. */
export interface CreateOnceOptions {
  /** The system whose rules for files apply. */
  readonly os: typeof Deno.build.os;
  /** Names the draft. */
  readonly random: Random;
}
