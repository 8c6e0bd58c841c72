import { posix, win32 } from "node:path";
import * as z from "zod";
import { once } from "../../once.ts";
import type { Platform } from "../../platform.ts";
import { Secret } from "../../secret.ts";
import { UsageError } from "../command_line/usage_error.ts";

/** 32 bytes in hexadecimal digits, as lark-mcp keeps its key in the keychain. */
const STORE_KEY = /^[0-9a-f]{64}$/i;
/** The initialization vector of AES-CBC and the sealed text, in hexadecimal digits. */
const SEALED = /^([0-9a-f]{32}):((?:[0-9a-f]{32})+)$/i;

/** What is read of lark-mcp's store, opened. */
const storeSchema = once(() =>
  z.object({
    localTokens: z.record(z.string(), z.string()).default({}),
    tokens: z.record(z.string(), z.object({ extra: z.object({ refreshToken: z.string() }).optional() })),
  })
);

/**
 * Reads the refresh token of the login that lark-mcp 0.5 keeps of an app.
 *
 * @param key the key of its store, as its keychain has it.
 * @throws UsageError where there is no such store, the key does not open it, or it has no login of the app.
 * @see https://github.com/larksuite/lark-openapi-mcp
 */
export async function readLarkMcpLogin(
  platform: Pick<Platform, "os" | "env">,
  key: Secret,
  appId: string,
): Promise<Secret> {
  const path = storePath(platform);
  if (!STORE_KEY.test(key.reveal())) {
    throw new UsageError({
      en: "Standard input must hold the key of lark-mcp's store, 64 hexadecimal digits: see docs/logins.md",
      zh: "标准输入应为 lark-mcp 存储的密钥（64 个十六进制字符）：见 docs/logins.zh-CN.md",
    });
  }
  const store = storeSchema().safeParse(await opened(await sealedText(path), key, path));
  if (!store.success) throw unreadable(path);
  const { localTokens, tokens } = store.data;
  const refreshToken = tokens[localTokens[appId] ?? ""]?.extra?.refreshToken;
  if (refreshToken === undefined) {
    throw new UsageError({
      en:
        `lark-mcp has no login of ${appId} that could be renewed: log in there with offline_access, or here`,
      zh: `lark-mcp 中没有 ${appId} 可刷新的登录：请在那里以 offline_access 登录，或在这里登录`,
    });
  }
  return new Secret(refreshToken);
}

/** Where lark-mcp keeps its logins, by the rules of the package env-paths. */
function storePath({ os, env }: Pick<Platform, "os" | "env">): string {
  const of = (name: string): string => {
    const value = env(name);
    if (value === undefined) {
      throw new UsageError({ en: `${name} is not set`, zh: `未设置 ${name}` });
    }
    return value;
  };
  switch (os) {
    case "windows":
      return win32.join(of("LOCALAPPDATA"), "lark-mcp-nodejs", "Data", "storage.json");
    case "darwin":
      return posix.join(of("HOME"), "Library", "Application Support", "lark-mcp-nodejs", "storage.json");
    default:
      return posix.join(
        env("XDG_DATA_HOME") || posix.join(of("HOME"), ".local", "share"),
        "lark-mcp-nodejs",
        "storage.json",
      );
  }
}

async function sealedText(path: string): Promise<string> {
  try {
    return (await Deno.readTextFile(path)).trim();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UsageError({
      en: `lark-mcp has no store at ${path}: without a keychain it keeps its logins in memory alone`,
      zh: `${path} 处没有 lark-mcp 的存储：没有系统钥匙串时，它只把登录保存在内存中`,
    });
  }
}

async function opened(text: string, key: Secret, path: string): Promise<unknown> {
  const [, iv, sealed] = SEALED.exec(text) ?? [];
  if (iv === undefined || sealed === undefined) throw unreadable(path);
  try {
    const bytes = await crypto.subtle.decrypt(
      { name: "AES-CBC", iv: Uint8Array.fromHex(iv) },
      await crypto.subtle.importKey("raw", Uint8Array.fromHex(key.reveal()), "AES-CBC", false, ["decrypt"]),
      Uint8Array.fromHex(sealed),
    );
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // Without the cause: a parser's message may quote what was opened.
    throw unreadable(path);
  }
}

function unreadable(path: string): UsageError {
  return new UsageError({
    en: `The key does not open lark-mcp's store ${path}, or the store is not of lark-mcp 0.5`,
    zh: `该密钥无法打开 lark-mcp 的存储 ${path}，或它不是 lark-mcp 0.5 的存储`,
  });
}
