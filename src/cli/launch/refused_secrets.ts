import type { ConfigSources } from "../../config.ts";
import type { Phrase } from "../../errors/language.ts";

/** What of the settings is in use, as far as it decides which secrets a server needs. */
export interface SecretNeeds {
  /** Whether the app of the settings is used, and not the sandbox's. */
  readonly usesApp: boolean;
  /** Whether the store is a network database. */
  readonly usesNetworkStore: boolean;
}

const FILE_VARIABLES: Readonly<Record<string, string>> = {
  FEISHU_APP_SECRET: "FEISHU_APP_SECRET_FILE",
  FEISHU_TOKEN_KEY: "FEISHU_TOKEN_KEY_FILE",
};

/**
 * What keeps a server from being started by another program: secrets that only this shell has. They are never written
 * into a file of another program, which others may read, and which is synchronized and shown on screens.
 */
export function refusedSecrets(
  { env, file }: Pick<ConfigSources, "env" | "file">,
  { usesApp, usesNetworkStore }: SecretNeeds,
): Phrase[] {
  const needed = [
    ...(usesApp ? ["FEISHU_APP_SECRET"] : []),
    "FEISHU_TOKEN_KEY",
  ].filter((name) => isOnlyInShell(name, env, file));
  return [
    ...needed.map((name) => inAFile(name, FILE_VARIABLES[name] ?? "")),
    ...(usesNetworkStore && isOnlyInShell("DENO_KV_ACCESS_TOKEN", env, {}) ? [KV_TOKEN] : []),
  ];
}

const KV_TOKEN: Phrase = {
  en:
    "DENO_KV_ACCESS_TOKEN is a secret that only the environment can hold, and none is written into a file of " +
    "another program: start one server with `deno task start`, and connect the client to it over HTTP",
  zh:
    "DENO_KV_ACCESS_TOKEN 是只能放在环境变量中的密钥，而程序不会把密钥写入其他程序的文件：请用 `deno task start` " +
    "启动一个服务，让客户端通过 HTTP 连接",
};

function inAFile(name: string, fileVariable: string): Phrase {
  return {
    en:
      `${name} is set in the environment, and no secret is written into a file of another program: put it into ` +
      `a file that only you can read, and name that with --env-file PATH or ${fileVariable}; then unset ${name}`,
    zh:
      `环境变量中设置了 ${name}，而程序不会把密钥写入其他程序的文件：请将其写入仅自己可读的文件，用 --env-file PATH ` +
      `或 ${fileVariable} 指定该文件，并取消设置 ${name}`,
  };
}

/** The environment overrides an env file, so that the same secret in both makes no difference. */
function isOnlyInShell(name: string, env: ConfigSources["env"], file: ConfigSources["file"]): boolean {
  const value = env(name)?.trim() ?? "";
  return value !== "" && value !== file[name]?.trim();
}
