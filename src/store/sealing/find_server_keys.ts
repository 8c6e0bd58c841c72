import { StartError } from "../../errors/start_error.ts";
import type { Secret } from "../../secret.ts";
import { createKeyFile, readKeyFile } from "./key_file.ts";
import type { KeyRightsOptions } from "./assert_key_rights.ts";
import type { StorePlace } from "../files/store_place.ts";
import {
  type KeySource,
  parseServerKeys,
  randomServerKey,
  type ServerKey,
  type ServerKeys,
} from "./server_key.ts";
import { storeFiles } from "../files/store_files.ts";

/**
 * The server keys: those of `FEISHU_TOKEN_KEY`; else, for a KV file, the one in the key file next to it, which is
 * made for a new store; else, in memory, a random one; else none.
 *
 * @throws StartError in one line.
 */
export async function findServerKeys(search: KeySearch): Promise<FoundKeys> {
  const { place, random } = search;
  if (search.serverKey !== undefined) {
    return { source: "environment", keys: await parseServerKeys(search.serverKey) };
  }
  switch (place.kind) {
    case "memory":
      return { source: "memory", keys: [await randomServerKey(random)] };
    case "file": {
      const path = storeFiles(place.path).key;
      return { source: "file", keys: [await readKeyFile(path, search) ?? await newKey(path, search)] };
    }
    case "remote":
    case "platform":
      return { source: "app_secret", keys: null };
  }
}

/** What {@linkcode findServerKeys} goes by. */
export interface KeySearch extends KeyRightsOptions {
  /** Where the store is: it decides where the key comes from without the variable. */
  readonly place: StorePlace;
  /** `FEISHU_TOKEN_KEY`, where set. */
  readonly serverKey?: Secret | undefined;
  /** Id of the key that sealed the store's name key; `null` for a new store. */
  readonly madeWith: string | null;
}

/** The server keys and where they come from. */
export interface FoundKeys {
  /** Where the keys come from. */
  readonly source: KeySource;
  /** The first seals, all open. `null` where each app's secret is its key. */
  readonly keys: ServerKeys;
}

/** Only for a new store: in an existing one a new key opens nothing, and would hide which key is missing. */
function newKey(path: string, search: KeySearch): Promise<ServerKey> {
  if (search.madeWith === null) return createKeyFile(path, search);
  throw new StartError({
    en: `The token store was made with the key "${search.madeWith}", and there is no key file ${path}`,
    zh: `令牌存储是用密钥 "${search.madeWith}" 创建的，但没有密钥文件 ${path}`,
  }, {
    nextStep: {
      en: "restore it, or set FEISHU_TOKEN_KEY to that key; nothing was overwritten",
      zh: "请恢复该文件，或将 FEISHU_TOKEN_KEY 设为该密钥；没有任何内容被覆盖",
    },
  });
}
