import type { Phrase } from "../errors/language.ts";
import { StartError } from "../errors/start_error.ts";
import { base64url, type Bytes } from "./files/bytes.ts";
import { createOnce, type CreateOnceOptions } from "./files/durable_files.ts";
import { keyIn } from "./sealing/key_file.ts";
import type { AtomicKv } from "./kv/atomic_kv.ts";
import { openSchema, readSchema } from "./store_schema.ts";
import type { KeySource, ServerKey, ServerKeys } from "./sealing/server_key.ts";
import { storeFiles } from "./files/store_files.ts";

/** What tells a store from others. */
export interface StoreKeys {
  /** The server keys. */
  readonly keys: ServerKeys;
  /** Where they come from. */
  readonly source: KeySource;
  /** The key that records are named with; `null` where every app brings its own. */
  readonly nameKey: Bytes | null;
}

const PUT_BACK: Phrase = {
  en: "put that back, or restart the server to use this one",
  zh: "请放回原来的文件，或重启服务以使用现在这个",
};

/**
 * Sees whether the database at `path`, found where the open store was, is that store: a copy of it, say. A new one is made
 * that store, under the same name key, so that everything keeps its name, and with the same key file.
 *
 * @throws StartError when it is another store. Nothing in it is overwritten.
 */
export async function adoptStore(
  kv: AtomicKv,
  path: string,
  own: StoreKeys,
  options: CreateOnceOptions,
): Promise<void> {
  try {
    await adopt(kv, path, own, options);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const { problem } = error;
    throw new StartError({
      en: `${path} is not the store that was open any more: ${problem.en}`,
      zh: `${path} 已不是原先打开的存储：${problem.zh}`,
    }, { nextStep: PUT_BACK, cause: error });
  }
}

async function adopt(
  kv: AtomicKv,
  path: string,
  { keys, source, nameKey }: StoreKeys,
  options: CreateOnceOptions,
): Promise<void> {
  const isNew = await readSchema(kv) === null;
  if (isNew && source === "file" && keys !== null) await keepKeyFile(storeFiles(path).key, keys[0], options);
  const found = await openSchema(kv, keys, options.random, nameKey ?? undefined);
  if (found === null || nameKey === null || found.toHex() === nameKey.toHex()) return;
  throw new StartError({ en: "another one with the same key is there", zh: "它是使用同一密钥的另一个存储" });
}

/** The key file may have been deleted with the store; a start could not open without it what is made now. */
async function keepKeyFile(path: string, key: ServerKey, options: CreateOnceOptions): Promise<void> {
  const { id } = await keyIn(path, await createOnce(path, `${base64url(key.bytes)}\n`, options));
  if (id === key.id) return;
  throw new StartError({ en: `another key is in ${path} by now`, zh: `${path} 中现在是另一个密钥` });
}
