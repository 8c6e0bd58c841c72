import type { Random } from "../../ports/random.ts";
import type { Secret } from "../../secret.ts";
import { StartError } from "../../errors/start_error.ts";
import { base64url, type Bytes, fromBase64 } from "../files/bytes.ts";

/** Length of a server key, in bytes. */
export const SERVER_KEY_BYTES = 32;

/** One server key: 32 random bytes and the id under which sealed values name it. */
export interface ServerKey {
  /** The one that the user gave (`k1:…`), else the start of the key's SHA-256. Not secret. */
  readonly id: string;
  /** Secret. */
  readonly bytes: Bytes;
}

/** The server keys: the first seals, all open. `null` where each app's secret is its key. */
export type ServerKeys = readonly [ServerKey, ...ServerKey[]] | null;

/** Where the server keys come from. */
export type KeySource = "environment" | "file" | "memory" | "app_secret";

/**
 * Reads `FEISHU_TOKEN_KEY`: one or more keys separated by commas, each 32 bytes in base64 or hexadecimal, optionally
 * with an id in front (`k2:…`). The first seals, all open: a key is rotated by putting the new one in front.
 *
 * @throws StartError naming the variable, never the value.
 */
export async function parseServerKeys(value: Secret): Promise<[ServerKey, ...ServerKey[]]> {
  const [first = "", ...rest] = value.reveal().split(",");
  const keys: [ServerKey, ...ServerKey[]] = [await parseServerKey(first, 1)];
  for (const [index, part] of rest.entries()) {
    const key = await parseServerKey(part, index + 2);
    if (keys.some(({ id }) => id === key.id)) {
      throw new StartError({
        en: `FEISHU_TOKEN_KEY: the key id "${key.id}" appears twice`,
        zh: `FEISHU_TOKEN_KEY 中密钥 ID "${key.id}" 出现了两次`,
      }, { nextStep: { en: "give each key an id of its own", zh: "请为每个密钥使用不同的 ID" } });
    }
    keys.push(key);
  }
  return keys;
}

/** A new key. */
export function randomServerKey(random: Random): Promise<ServerKey> {
  return serverKey(random.bytes(SERVER_KEY_BYTES));
}

/** A key with the id that is the start of its SHA-256. */
export async function serverKey(bytes: Bytes): Promise<ServerKey> {
  return { id: await keyId(bytes), bytes };
}

/** The 32 bytes that `text` encodes in base64 or hexadecimal; `null` where it does not. */
export function keyBytes(text: string): Bytes | null {
  try {
    const bytes = /^[0-9a-f]{64}$/i.test(text) ? Uint8Array.fromHex(text) : fromBase64(text);
    return bytes.length === SERVER_KEY_BYTES ? bytes : null;
  } catch {
    return null;
  }
}

async function parseServerKey(part: string, position: number): Promise<ServerKey> {
  const text = part.trim();
  const colon = text.indexOf(":");
  const bytes = keyBytes(text.slice(colon + 1));
  if (bytes === null) {
    throw new StartError({
      en: `FEISHU_TOKEN_KEY: key ${position} is not ${SERVER_KEY_BYTES} bytes in base64 or hexadecimal`,
      zh: `FEISHU_TOKEN_KEY 中第 ${position} 个密钥不是 base64 或十六进制编码的 ${SERVER_KEY_BYTES} 字节`,
    }, {
      nextStep: {
        en: "make one with `openssl rand -base64 32`",
        zh: "请用 `openssl rand -base64 32` 生成一个",
      },
    });
  }
  if (colon < 0) return await serverKey(bytes);
  const id = text.slice(0, colon);
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(id)) {
    throw new StartError({
      en: `FEISHU_TOKEN_KEY: the id of key ${position} is not 1 to 32 letters, digits, - or _`,
      zh: `FEISHU_TOKEN_KEY 中第 ${position} 个密钥的 ID 不是 1 到 32 个字母、数字、- 或 _`,
    }, { nextStep: { en: "correct it, or leave the id out", zh: "请更正，或省略 ID" } });
  }
  return { id, bytes };
}

async function keyId(bytes: Bytes): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return base64url(hash.slice(0, 6));
}
