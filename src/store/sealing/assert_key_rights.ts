import { StartError } from "../../errors/start_error.ts";
import type { Log } from "../../ports/log.ts";
import { base64url } from "../files/bytes.ts";
import type { CreateOnceOptions } from "../files/durable_files.ts";
import { parentFolder } from "../files/store_place.ts";

const WRITABLE_BY_OTHERS = 0o022;
/** In a folder with this bit, such as /tmp, nobody can rename or remove another user's files. */
const STICKY = 0o1000;

/**
 * Refuses a key file that users other than its owner can write or replace, also for root: a user who puts his own key
 * there can read everything that is sealed from then on. A key file that is closed to others is accepted from any
 * owner.
 *
 * @param found of the key file; `null` where there is none: its folder is checked before the file is made there.
 * @throws StartError in one line.
 */
export async function assertKeyRights(
  path: string,
  found: Deno.FileInfo | null,
  options: KeyRightsOptions,
): Promise<void> {
  const { os, log } = options;
  // On Windows a file has the rights of its folder, and nobody else has any in the user's data directory.
  if (os === "windows") return;
  const folder = parentFolder(path, os);
  if (found !== null && isWritableByOthers(found)) throw writableFile(path, found.mode);
  const { mode } = await Deno.stat(folder);
  const isShared = isWritableByOthers({ mode });
  const isSticky = ((mode ?? 0) & STICKY) !== 0;
  if (isShared && !isSticky) throw writableFolder(folder, mode);
  if (found === null) return;
  const uid = await ownUid(path, options);
  if (uid === found.uid) return;
  // In a folder like /tmp any user may have put the file there.
  if (isShared) throw writableFolder(folder, mode);
  if (uid !== null) log?.warn("the key file belongs to another user", { path, owner: found.uid, user: uid });
}

/** What {@linkcode assertKeyRights} needs. */
export interface KeyRightsOptions extends CreateOnceOptions {
  /** Told of a key file that belongs to another user. */
  readonly log?: Log | undefined;
}

function isWritableByOthers({ mode }: Pick<Deno.FileInfo, "mode">): boolean {
  return ((mode ?? 0) & WRITABLE_BY_OTHERS) !== 0;
}

function writableFile(path: string, mode: number | null): StartError {
  return new StartError({
    en: `The key file ${path} can be written by other users (${octal(mode)})`,
    zh: `其他用户可以写入密钥文件 ${path}（${octal(mode)}）`,
  }, {
    nextStep: {
      en: `make sure that nobody has changed the key, then run \`chmod 600 ${path}\``,
      zh: `请确认密钥没有被他人更改，然后运行 \`chmod 600 ${path}\``,
    },
  });
}

function writableFolder(folder: string, mode: number | null): StartError {
  return new StartError({
    en: `The key file's folder ${folder} can be written by other users (${octal(mode)})`,
    zh: `其他用户可以写入密钥文件所在的文件夹 ${folder}（${octal(mode)}）`,
  }, {
    nextStep: {
      en:
        `make sure that nobody has changed the key, then run \`chmod go-w ${folder}\`, or name a file in a ` +
        "folder of its own with --kv PATH, or set FEISHU_TOKEN_KEY",
      zh:
        `请确认密钥没有被他人更改，然后运行 \`chmod go-w ${folder}\`，或用 --kv PATH 指定单独文件夹中的文件，` +
        "或设置 FEISHU_TOKEN_KEY",
    },
  });
}

function octal(mode: number | null): string {
  return ((mode ?? 0) & 0o7777).toString(8).padStart(4, "0");
}

/**
 * The user id of this process, read from a file that it makes: `Deno.uid()` would need a permission that serving does
 * not have. `null` where no file can be made.
 */
async function ownUid(path: string, { random }: CreateOnceOptions): Promise<number | null> {
  const probe = `${path}.${base64url(random.bytes(6))}`;
  try {
    using file = await Deno.open(probe, { createNew: true, write: true, mode: 0o600 });
    return (await file.stat()).uid;
  } catch {
    return null; // The folder takes no files, or the disk is full.
  } finally {
    await Deno.remove(probe).catch(() => {});
  }
}
