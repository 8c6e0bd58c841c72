import type { Platform } from "../../platform.ts";
import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { Secret } from "../../secret.ts";
import { readKeyFile } from "../../store/sealing/key_file.ts";
import type { StorePlace } from "../../store/files/store_place.ts";
import { parseServerKeys } from "../../store/sealing/server_key.ts";
import { storeFiles } from "../../store/files/store_files.ts";
import { type Check, ok, warn } from "./check.ts";
import { statOf } from "./stat_of.ts";

/** Names the key that opens the store at `place`. */
export async function checkStoreKey(
  place: StorePlace,
  serverKey: Secret | undefined,
  platform: Pick<Platform, "os" | "random">,
): Promise<Check> {
  if (serverKey !== undefined) return await checkKeyOfVariable(serverKey);
  switch (place.kind) {
    case "file": {
      const { key } = storeFiles(place.path);
      const id = (await readKeyFile(key, platform))?.id;
      return ok("store key", {
        en: `"${id ?? "?"}" from the file ${key}; without it the store does not open`,
        zh: `来自文件 ${key} 的 "${id ?? "?"}"；没有它就无法打开存储`,
      });
    }
    case "memory":
      return ok("store key", { en: "random, in memory", zh: "随机生成，只在内存中" });
    case "remote":
    case "platform":
      return warn("store key", {
        en: "derived from the app secret: when the app secret is reset, the store is as good as empty",
        zh: "由 App Secret 派生：重置 App Secret 后，存储等于清空",
      }, {
        en: "Set FEISHU_TOKEN_KEY (`openssl rand -base64 32`) before the first use.",
        zh: "请在首次使用前设置 FEISHU_TOKEN_KEY（`openssl rand -base64 32`）。",
      });
  }
}

/** Names the key with which a start would make the store at `place`. */
export async function checkNewStoreKey(
  place: StorePlace,
  serverKey: Secret | undefined,
  platform: Pick<Platform, "os" | "random">,
): Promise<Check> {
  if (place.kind !== "file" || serverKey !== undefined) {
    return await checkStoreKey(place, serverKey, platform);
  }
  const { key } = storeFiles(place.path);
  if (await statOf(key) !== undefined) return await checkStoreKey(place, serverKey, platform);
  return ok("store key", {
    en: `none yet; a start makes a random one in the file ${key}`,
    zh: `尚未创建；服务启动时会在文件 ${key} 中生成随机密钥`,
  });
}

/** Names the key of `FEISHU_TOKEN_KEY` that seals, and the number of older ones. */
export async function checkKeyOfVariable(serverKey: Secret): Promise<Check> {
  const [{ id }, ...older] = await parseServerKeys(serverKey);
  const others: Phrase = older.length === 0
    ? verbatim("")
    : { en: `, and ${older.length} older`, zh: `，另有 ${older.length} 个旧密钥` };
  return ok("store key", {
    en: `"${id}" from FEISHU_TOKEN_KEY${others.en}`,
    zh: `来自 FEISHU_TOKEN_KEY 的 "${id}"${others.zh}`,
  });
}
