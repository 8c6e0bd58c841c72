import { StartError } from "../../errors/start_error.ts";
import { assertRegular } from "../files/assert_regular.ts";
import { base64url } from "../files/bytes.ts";
import { createOnce, type CreateOnceOptions } from "../files/durable_files.ts";
import { ioReason } from "../files/io_reason.ts";
import { assertKeyRights, type KeyRightsOptions } from "./assert_key_rights.ts";
import { narrowFile } from "../files/private_files.ts";
import { readSmallFile } from "../files/read_small_file.ts";
import { keyBytes, randomServerKey, type ServerKey, serverKey } from "./server_key.ts";

/** More than 32 bytes take in base64 or hexadecimal, with the blanks that an editor adds. */
const MOST_KEY_BYTES = 4096;

/**
 * The key in the file at `path`, or `null` where there is no such file. Takes all other users' rights to the file
 * away.
 *
 * @throws StartError when it cannot be read, holds something else, or can be written by other users.
 */
export async function readKeyFile(path: string, options: KeyRightsOptions): Promise<ServerKey | null> {
  try {
    const found = await statIfThere(path);
    if (found !== null) assertRegular(found);
    await assertKeyRights(path, found, options);
    if (found === null) return null;
    await narrowFile(path, options.os);
    return await keyIn(path, await readSmallFile(path, MOST_KEY_BYTES));
  } catch (error) {
    if (error instanceof StartError) throw error;
    const reason = ioReason(error);
    throw new StartError({
      en: `Cannot read the key file ${path}: ${reason.en}`,
      zh: `无法读取密钥文件 ${path}：${reason.zh}`,
    }, {
      nextStep: {
        en: "check who owns it, or set FEISHU_TOKEN_KEY",
        zh: "请检查它的所有者，或设置 FEISHU_TOKEN_KEY",
      },
      cause: error,
    });
  }
}

async function statIfThere(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Makes the key file at `path` (0600) with a new key. Processes that call this at the same time all get the first
 * one's.
 *
 * @throws StartError when it cannot be written.
 */
export async function createKeyFile(path: string, options: CreateOnceOptions): Promise<ServerKey> {
  try {
    const fresh = await randomServerKey(options.random);
    return await keyIn(path, await createOnce(path, `${base64url(fresh.bytes)}\n`, options));
  } catch (error) {
    if (error instanceof StartError) throw error;
    const reason = ioReason(error);
    throw new StartError({
      en: `Cannot make the key file ${path}: ${reason.en}`,
      zh: `无法创建密钥文件 ${path}：${reason.zh}`,
    }, {
      nextStep: {
        en: "name another place with --kv PATH, or set FEISHU_TOKEN_KEY",
        zh: "请用 --kv PATH 指定其他位置，或设置 FEISHU_TOKEN_KEY",
      },
      cause: error,
    });
  }
}

/**
 * The key in `text`, the content of the key file at `path`.
 *
 * @throws StartError when it is no key.
 */
export function keyIn(path: string, text: string): Promise<ServerKey> {
  const bytes = keyBytes(text.trim());
  if (bytes !== null) return serverKey(bytes);
  throw new StartError({ en: `The key file ${path} is damaged`, zh: `密钥文件 ${path} 已损坏` }, {
    nextStep: {
      en: "restore it from a backup, or remove the store next to it too",
      zh: "请从备份恢复，或连同旁边的存储一起删除",
    },
  });
}
