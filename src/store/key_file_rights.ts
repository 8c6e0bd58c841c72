import type { Phrase } from "../errors/language.ts";
import { StartError } from "../errors/start_error.ts";
import type { Log } from "../ports/log.ts";
import { base64url } from "./bytes.ts";
import type { CreateOnceOptions } from "./durable_files.ts";
import { parentFolder } from "./place.ts";

const WRITABLE_BY_OTHERS = 0o022;
/** In a folder with this bit nobody can rename or remove another user's files, as in /tmp. */
const STICKY = 0o1000;

/** What {@linkcode assertKeyRights} needs. */
export interface KeyRightsOptions extends CreateOnceOptions {
  /** Told of a key that belongs to another user. */
  readonly log?: Log | undefined;
}

/**
 * Refuses a key file that users other than its owner can write or replace, for root too: whoever puts his own key there
 * can read everything that is sealed from then on. One that is closed to others is taken, whoever its owner is.
 *
 * @param found of the key file; `null` where there is none: its folder is judged all the same, before it is made there.
 * @throws StartError in one line.
 */
export async function assertKeyRights(
  path: string,
  found: Deno.FileInfo | null,
  options: KeyRightsOptions,
): Promise<void> {
  const { os, log } = options;
  // There a file has the rights of its folder; in the user's own data directory nobody else has any.
  if (os === "windows") return;
  const folder = parentFolder(path, os);
  if (found !== null && isWritableByOthers(found)) throw writable(KEY_FILE, path, found, "600");
  const { mode } = await Deno.stat(folder);
  const isShared = isWritableByOthers({ mode });
  const isSticky = ((mode ?? 0) & STICKY) !== 0;
  if (isShared && !isSticky) throw writable(KEY_FOLDER, folder, { mode }, "go-w");
  if (found === null) return;
  const own = await ownUid(path, options);
  if (own === found.uid) return;
  // Somebody else may have put it there.
  if (isShared) throw writable(KEY_FOLDER, folder, { mode }, "go-w");
  if (own !== null) log?.warn("the key file belongs to another user", { path, owner: found.uid, user: own });
}

const KEY_FILE: Phrase = { en: "key file", zh: "密钥文件" };
const KEY_FOLDER: Phrase = { en: "key file's folder", zh: "密钥文件所在的文件夹" };

function isWritableByOthers({ mode }: Pick<Deno.FileInfo, "mode">): boolean {
  return ((mode ?? 0) & WRITABLE_BY_OTHERS) !== 0;
}

function writable(
  what: Phrase,
  path: string,
  { mode }: Pick<Deno.FileInfo, "mode">,
  right: string,
): StartError {
  const octal = ((mode ?? 0) & 0o7777).toString(8).padStart(4, "0");
  return new StartError({
    en: `The ${what.en} ${path} can be written by other users (${octal})`,
    zh: `其他用户可以写入${what.zh} ${path}（${octal}）`,
  }, {
    nextStep: {
      en: `make sure that nobody has changed the key, then run \`chmod ${right} ${path}\``,
      zh: `请确认密钥没有被他人更改，然后运行 \`chmod ${right} ${path}\``,
    },
  });
}

/** Who this process is, as files tell it: asking the system would need a permission that serving does not have. */
async function ownUid(path: string, { random }: CreateOnceOptions): Promise<number | null> {
  const probe = `${path}.${base64url(random.bytes(6))}`;
  try {
    using file = await Deno.open(probe, { createNew: true, write: true, mode: 0o600 });
    return (await file.stat()).uid;
  } catch {
    return null; // a folder that takes no files, or a full disk
  } finally {
    await Deno.remove(probe).catch(() => {});
  }
}
