import type { Random } from "../../ports/random.ts";
import { base64url, utf8 } from "./bytes.ts";
import { parentFolder } from "./store_place.ts";
import { readSmallFile } from "./read_small_file.ts";

/** Far more than a key or an id has. */
const MOST_ONCE_BYTES = 4096;

/** What {@linkcode createOnce} needs. */
export interface CreateOnceOptions {
  /** Whose rules for files count. */
  readonly os: typeof Deno.build.os;
  /** Names the draft. */
  readonly random: Random;
}

/** Makes the file `path` (0600), which must not exist. When this returns, `text` is on the medium. */
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

/** Makes what stands in the file `path` durable, whoever wrote it. One that is gone, or has another name by now, is passed over. */
export async function flushFile(path: string): Promise<void> {
  try {
    using file = await Deno.open(path, { read: true, write: true });
    await file.sync();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Makes new names in `folder` durable: a file that was flushed is still lost with its name. Windows needs no such call. */
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
 * Makes the file `path` (0600) with `text`, unless it exists. Processes that do so at once agree on one content: the
 * file is written whole under another name and linked into place, which fails for all but the first.
 *
 * @returns what the file holds.
 * @throws UnfitFile when something else than a small file is there; else Error of the operating system.
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
