import { isMissing } from "../../store/files/is_missing.ts";
import { unfitClientFile } from "./unfit_client_file.ts";

/** The largest file that is read, in bytes. Claude Code's, which has a history in it, grows to some ten million. */
const MOST_CLIENT_FILE_BYTES = 64 * 1024 * 1024;

/** A file of a client that is not there yet holds App IDs and paths of one person. */
const PRIVATE_MODE = 0o600;
const PERMISSION_BITS = 0o7777;
const OWNER_MAY_WRITE = 0o200;

/** A client's file as it is. */
export interface ClientFile {
  /** `undefined` where there is none. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  /** Permissions; of a file that is not there yet, those that it gets. */
  readonly mode: number;
}

/**
 * Reads the file at `path`, which is not a link.
 *
 * @throws StartError for what is no file, too large, or read-only; else Error of the operating system.
 */
export async function readClientFile(path: string, os: typeof Deno.build.os): Promise<ClientFile> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch (error) {
    if (isMissing(error)) return { bytes: undefined, mode: PRIVATE_MODE };
    throw error;
  }
  if (info.isDirectory) throw unfitClientFile(path, { en: "it is a folder", zh: "它是一个文件夹" });
  if (!info.isFile) throw unfitClientFile(path, { en: "it is no regular file", zh: "它不是普通文件" });
  if (info.size > MOST_CLIENT_FILE_BYTES) {
    throw unfitClientFile(path, { en: "it is larger than 64 MiB", zh: "它大于 64 MiB" });
  }
  const mode = os === "windows" ? PRIVATE_MODE : (info.mode ?? PRIVATE_MODE) & PERMISSION_BITS;
  if (!await isWritable(path, mode)) {
    throw unfitClientFile(path, { en: "it is read-only", zh: "它是只读的" }, {
      en: "somebody or some program wants it so; make it writable, or add what --print prints yourself",
      zh: "这可能是有意设置的；请将其设为可写，或自行加入 --print 输出的内容",
    });
  }
  return { bytes: await Deno.readFile(path), mode };
}

/** By its mode too: root may write what is marked read-only. */
async function isWritable(path: string, mode: number): Promise<boolean> {
  if ((mode & OWNER_MAY_WRITE) === 0) return false;
  try {
    (await Deno.open(path, { write: true })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
}
