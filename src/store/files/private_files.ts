import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { ioReason } from "./io_reason.ts";
import { isRegularFile } from "./is_regular_file.ts";
import { UnfitFile } from "./unfit_file.ts";

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
const RIGHTS_OF_OTHERS = 0o077;

const LEADS_NOWHERE: Phrase = { en: "it is a link that leads nowhere", zh: "它是一个指向不存在文件的链接" };
const ANOTHER_PLACE: Phrase = {
  en: "name another place with --kv PATH or FEISHU_TOKEN_KV",
  zh: "请用 --kv PATH 或 FEISHU_TOKEN_KV 指定其他位置",
};

/**
 * Makes the folder `path` and its parents, for their owner alone (0700). A folder that exists keeps its mode, since
 * it may not be this program's.
 *
 * @throws StartError in one line.
 */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true, mode: PRIVATE_FOLDER });
  } catch (error) {
    throw cannotMakeFolder(path, error);
  }
}

/** The error for a folder that cannot be made, in one line. */
export function cannotMakeFolder(path: string, error: unknown): StartError {
  const reason = ioReason(error);
  return new StartError({
    en: `Cannot make the folder ${path}: ${reason.en}`,
    zh: `无法创建文件夹 ${path}：${reason.zh}`,
  }, { nextStep: ANOTHER_PLACE, cause: error });
}

/**
 * Makes a folder that is this program's own (0700). If it exists, all other users lose their rights to it.
 *
 * @throws StartError in one line.
 */
export async function makeOwnFolder(path: string, os: typeof Deno.build.os): Promise<void> {
  await makePrivateFolder(path);
  await takeFromOthers(path, PRIVATE_FOLDER, os);
}

/**
 * Makes an empty file for its owner alone (0600) if there is none. One that exists is neither changed nor opened:
 * where SQLite has it open in this process, closing another handle would drop the locks that SQLite holds (POSIX),
 * and the next process that closes the database would remove its log.
 *
 * @throws StartError in one line, also where something other than a file is there.
 */
export async function makePrivateFile(path: string): Promise<void> {
  try {
    if (!await isRegularFile(path)) await createFile(path);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/**
 * Checks that the file at `path` can be written, by opening it. Not for a file that SQLite has open in this process.
 *
 * @throws StartError in one line.
 */
export async function assertWritable(path: string): Promise<void> {
  try {
    const file = await Deno.open(path, { write: true });
    file.close();
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

async function createFile(path: string): Promise<void> {
  try {
    (await Deno.open(path, { createNew: true, write: true, mode: PRIVATE_FILE })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    // Another process has made it meanwhile, or it is a link: Deno makes no file through one.
    if (!await isRegularFile(path)) throw new UnfitFile(LEADS_NOWHERE);
  }
}

/** The error for a store file that cannot be made or written, in one line. */
export function cannotWrite(path: string, error: unknown): StartError {
  const reason = ioReason(error);
  return new StartError({
    en: `Cannot write the token store ${path}: ${reason.en}`,
    zh: `无法写入令牌存储 ${path}：${reason.zh}`,
  }, { nextStep: ANOTHER_PLACE, cause: error });
}

/**
 * Takes all other users' rights away from a file, if it exists.
 *
 * @throws StartError in one line.
 */
export function narrowFile(path: string, os: typeof Deno.build.os): Promise<void> {
  return takeFromOthers(path, PRIVATE_FILE, os);
}

async function takeFromOthers(path: string, mode: number, os: typeof Deno.build.os): Promise<void> {
  // On Windows modes mean nothing; the user's data directory is private by the rights it inherits.
  if (os === "windows") return;
  try {
    const found = await Deno.stat(path);
    if (((found.mode ?? 0) & RIGHTS_OF_OTHERS) !== 0) await Deno.chmod(path, mode);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    const reason = ioReason(error);
    throw new StartError({
      en: `${path} is open to other users and cannot be closed to them: ${reason.en}`,
      zh: `${path} 对其他用户开放，且无法收回权限：${reason.zh}`,
    }, { nextStep: { en: "check who owns it", zh: "请检查它的所有者" }, cause: error });
  }
}
