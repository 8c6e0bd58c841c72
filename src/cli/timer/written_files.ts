import { dirname } from "node:path";
import { isSameContent } from "../client_files/file_text.ts";
import { writeNewFile } from "../client_files/write_new_file.ts";
import { isMissing } from "../../store/files/is_missing.ts";
import { StartError } from "../../errors/start_error.ts";
import { ioReason } from "../../store/files/io_reason.ts";

/** The system reads these files, and nobody but their owner needs to: they name the user's folders. */
const MODE = 0o600;

/**
 * Writes files, calls `load`, and where that fails puts back what was there.
 *
 * @param files their texts by their paths.
 * @throws StartError where they cannot be written; what `load` throws.
 */
export async function writtenFiles(
  files: Readonly<Record<string, string>>,
  load: () => Promise<void>,
): Promise<void> {
  const before = new Map<string, Uint8Array<ArrayBuffer> | undefined>();
  try {
    for (const [path, text] of Object.entries(files)) {
      before.set(path, await contentOf(path));
      await put(path, new TextEncoder().encode(text));
    }
    await load();
  } catch (error) {
    for (const [path, bytes] of before) {
      await (bytes === undefined ? removed(path) : put(path, bytes)).catch(() => {});
    }
    throw error;
  }
}

/** Removes a file. Returns whether there was one. */
export async function removed(path: string): Promise<boolean> {
  try {
    await Deno.remove(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function put(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if (isSameContent(await contentOf(path), bytes)) return;
  const draft = `${path}.tmp`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await removed(draft);
    await writeNewFile(draft, bytes, MODE);
    await Deno.rename(draft, path);
  } catch (error) {
    const reason = ioReason(error);
    throw new StartError({
      en: `Cannot write ${path}: ${reason.en}`,
      zh: `无法写入 ${path}：${reason.zh}`,
    }, { cause: error });
  }
}

async function contentOf(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
