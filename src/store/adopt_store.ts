import type { Phrase } from "../errors/language.ts";
import { StartError } from "../errors/start_error.ts";
import { base64url, type Bytes } from "./files/bytes.ts";
import { createOnce, type CreateOnceOptions } from "./files/durable_files.ts";
import { keyIn } from "./sealing/key_file.ts";
import type { AtomicKv } from "./kv/atomic_kv.ts";
import { openSchema, readSchema } from "./store_schema.ts";
import type { KeySource, ServerKey, ServerKeys } from "./sealing/server_key.ts";
import { storeFiles } from "./files/store_files.ts";

const PUT_STORE_BACK: Phrase = {
  en: "put that back, or restart the server to use this one",
  zh: "请放回原来的文件，或重启服务以使用现在这个",
};

/**
 * Checks that the database that was found at `path`, where the store was open, is that store (or a copy of it). An
 * empty database becomes that store: with the same name key, so that records keep their names, and with the same key
 * file.
 *
 * @throws StartError when it is another store. Nothing in it is overwritten.
 */
export async function adoptStore(
  kv: AtomicKv,
  path: string,
  store: StoreKeys,
  options: CreateOnceOptions,
): Promise<void> {
  try {
    await adopt(kv, path, store, options);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const { problem } = error;
    throw new StartError({
      en: `${path} is not the store that was open any more: ${problem.en}`,
      zh: `${path} 已不是原先打开的存储：${problem.zh}`,
    }, { nextStep: PUT_STORE_BACK, cause: error });
  }
}

/** The keys that make a store the one that it is. */
export interface StoreKeys {
  /** Seal and open values. */
  readonly keys: ServerKeys;
  /** Where the server keys come from. */
  readonly source: KeySource;
  /** Names records; `null` where each app's secret is its key. */
  readonly nameKey: Bytes | null;
}

async function adopt(
  kv: AtomicKv,
  path: string,
  { keys, source, nameKey }: StoreKeys,
  options: CreateOnceOptions,
): Promise<void> {
  const isNew = await readSchema(kv) === null;
  if (isNew && source === "file" && keys !== null) {
    await restoreKeyFile(storeFiles(path).key, keys[0], options);
  }
  const { nameKey: found } = await openSchema(kv, keys, options.random, nameKey ?? undefined);
  if (found === null || nameKey === null || found.toHex() === nameKey.toHex()) return;
  throw new StartError({ en: "it is another store with the same key", zh: "它是使用同一密钥的另一个存储" });
}

/** The key file may have been deleted with the store. Without it the next start could not open the store made here. */
async function restoreKeyFile(path: string, key: ServerKey, options: CreateOnceOptions): Promise<void> {
  const { id } = await keyIn(path, await createOnce(path, `${base64url(key.bytes)}\n`, options));
  if (id === key.id) return;
  throw new StartError({ en: `${path} holds another key now`, zh: `${path} 中现在是另一个密钥` });
}
