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

/** What {@linkcode findServerKeys} goes by. */
export interface KeySearch extends KeyRightsOptions {
  /** Where the store is: it decides what stands in for the variable. */
  readonly place: StorePlace;
  /** `FEISHU_TOKEN_KEY`, where set. */
  readonly serverKey?: Secret | undefined;
  /** Id of the key that the store was made with; `null` for a new store. */
  readonly madeWith: string | null;
}

/** The server keys and where they come from. */
export interface FoundKeys {
  /** Where they come from. */
  readonly source: KeySource;
  /** The first seals, all open. `null` where every app brings its own. */
  readonly keys: ServerKeys;
}

/**
 * The server keys: `FEISHU_TOKEN_KEY`, else the file beside a KV file, made for a new store; else, in memory, a random
 * one; else none.
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

/** A new key opens nothing in a store that exists: made all the same it would only hide which one is missing. */
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
