import { type CallerKey, readCallerKeys } from "./callers/read_caller_keys.ts";
import { defined } from "./defined.ts";
import { joinPhrases } from "./errors/join_phrases.ts";
import { type Language, languageOf, LANGUAGES, type Phrase } from "./errors/language.ts";
import { StartError } from "./errors/start_error.ts";
import { isOnDenoDeploy } from "./process/is_on_deno_deploy.ts";
import type { LogFormat } from "./log/line_log.ts";
import { type AddressRange, readAddressRange } from "./net/address_range.ts";
import { isAppName } from "./apps/is_app_name.ts";
import { credentialFault } from "./credentials/credential_fault.ts";
import { isScopeName } from "./credentials/is_scope_name.ts";
import { splitList } from "./credentials/split_list.ts";
import { isHostSetting } from "./net/is_host_setting.ts";
import { isLoopbackHost } from "./net/is_loopback_host.ts";
import { readOriginSetting } from "./net/read_origin_setting.ts";
import type { Brand } from "./brand.ts";
import type { AppCredentials, RefreshEndpoint } from "./ports/feishu.ts";
import { LOG_LEVELS, type LogLevel } from "./ports/log.ts";
import { recordsOf } from "./credentials/records_of.ts";
import { Secret } from "./secret.ts";
import { SettingReader, type SettingSources } from "./setting_reader.ts";

/** What the settings say of the app credentials. */
export type ConfiguredCredentials =
  | { readonly kind: "complete"; readonly credentials: AppCredentials }
  /** Both halves are set and cannot be Feishu's; `fault` says why. */
  | { readonly kind: "malformed"; readonly credentials: AppCredentials; readonly fault: Phrase }
  /** `hint` names a place where they may be that was not read. */
  | { readonly kind: "missing"; readonly hint?: Phrase }
  | {
    readonly kind: "incomplete";
    readonly missing: "FEISHU_APP_ID" | "FEISHU_APP_SECRET";
    readonly hint?: Phrase;
  };

/** Whether a simulated Feishu stands in for the real one. */
export type SandboxUse =
  | { readonly kind: "none" }
  | { readonly kind: "embedded"; readonly port: number }
  | { readonly kind: "elsewhere"; readonly url: string }
  /** The first process that finds nobody running it runs it. */
  | { readonly kind: "kept"; readonly path: string };

/** Every setting of the server, checked. */
export interface Config {
  /** Way in which clients reach the server. */
  readonly transport: "http" | "stdio";
  /** Address to listen on. */
  readonly host: string;
  /** TCP port; 0 chooses a free one. */
  readonly port: number;
  /** Names besides the loopback ones that HTTP requests may carry as `Host`; lower case, with or without port. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Origins besides those of loopback whose pages may call; lower case. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** Proxies whose forwarded headers are believed. */
  readonly trustedProxies: readonly AddressRange[];
  /** Whether a request may carry an app secret in its query. */
  readonly allowsQuerySecrets: boolean;
  /** Whether callers that bring an app's secret have the logins of that app. */
  readonly allowsSessionLogins: boolean;
  /** With them every call over HTTP needs one; without any nobody needs one. */
  readonly callerKeys: readonly CallerKey[];
  /** Those that a login asks for if it names none. May be empty. */
  readonly scopes: readonly string[];
  /** From the environment or the env file. */
  readonly credentials: ConfiguredCredentials;
  /** Name of the kept app to use; it overrides `credentials`. */
  readonly app?: string;
  /** Brand of the server's own app. */
  readonly brand: Brand;
  /** Feishu's address where it is not the brand's own. */
  readonly baseUrl?: string;
  /** Brand of an official host that is set as the base URL: the default of sessions that name none. */
  readonly brandOfBaseUrl?: Brand;
  /** The only endpoint that refresh tokens are sent to. */
  readonly refreshEndpoint?: RefreshEndpoint;
  /** Path, `:memory:` or KV Connect URL; absent for the default place. */
  readonly kv?: string;
  /** Keys that encrypt the store. */
  readonly serverKey?: Secret;
  /** Whether Feishu is simulated. */
  readonly sandbox: SandboxUse;
  /** Longest time from the signal that stops the server to its end, in milliseconds. */
  readonly shutdownMs: number;
  /** Of failures and of messages at the start. */
  readonly language: Language;
  /** Least important level that is written. */
  readonly logLevel: LogLevel;
  /** Form of each line. */
  readonly logFormat: LogFormat;
  /** What was ignored or is doubtful, and why. */
  readonly warnings: readonly Phrase[];
}

/** Where the configuration comes from. */
export interface ConfigSources extends SettingSources {
  /** Whether standard error is a terminal. */
  readonly isTerminal: boolean;
  /** What was unclear in the env files, one sentence each. */
  readonly fileNotes?: readonly Phrase[];
  /** What is doubtful about the files that hold a secret, one sentence each. */
  readonly secretNotes?: readonly Phrase[];
  /** Whether the working directory has a `.env` with credentials that no flag names. */
  readonly hasUnreadEnvFile?: boolean;
  /** Locale of the operating system, a BCP 47 tag. The environment overrides it. */
  readonly locale?: string | undefined;
}

/** The configuration, or all problems, one line each. */
export type ConfigReading =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Phrase[] };

const REFRESH_ENDPOINTS = ["v1", "oidc", "v2", "v3"] as const;
const DEFAULT_PORT = 8081;
/** Port of a sandbox where none is set. */
export const DEFAULT_SANDBOX_PORT = 8082;
/** Longest time of a call that spends a refresh token, with the write of the new pair. */
const SHUTDOWN_MS = 40_000;
/** Deno Deploy sends SIGKILL five seconds after SIGINT (docs.deno.com/deploy/reference/runtime). */
const DENO_DEPLOY_SHUTDOWN_MS = 4_500;
/** Settings of the real Feishu and its store that must not reach a simulated one. */
const IGNORED_BY_SANDBOX = ["appId", "appSecret", "baseUrl", "kv"] as const;

const MISSING: ConfiguredCredentials = { kind: "missing" };
const CREDENTIAL_VARIABLES = { appId: "FEISHU_APP_ID", appSecret: "FEISHU_APP_SECRET" } as const;

const HOSTS_RULE: Phrase = {
  en: "must list names such as tokens.example.com or tokens.example.com:8443, separated by commas",
  zh: "必须是以逗号分隔的域名，例如 tokens.example.com 或 tokens.example.com:8443",
};
const ORIGINS_RULE: Phrase = {
  en:
    "must list origins such as https://app.example.com or tauri://localhost, without a path, separated by commas",
  zh: "必须是以逗号分隔的网页来源，不带路径，例如 https://app.example.com 或 tauri://localhost",
};
const NULL_ORIGIN_RULE: Phrase = {
  en: "must not list null, which every page without an origin of its own sends",
  zh: "不能列出 null：凡是没有自身来源的网页都会发送它",
};
const UNREAD_ENV_FILE: Phrase = {
  en: "the .env in this folder is not read unless --env-file .env is given",
  zh: "当前文件夹中的 .env 未被读取，请加上 --env-file .env",
};
const SCOPE_NAMES_RULE: Phrase = {
  en: "must list names of Feishu's scopes such as docx:document, separated by blanks or commas",
  zh: "必须是以空格或逗号分隔的飞书权限名称，例如 docx:document",
};
const PROXIES_RULE: Phrase = {
  en: "must list IP addresses or CIDR blocks such as 10.0.0.0/8 or fd00::1, separated by commas",
  zh: "必须是以逗号分隔的 IP 地址或 CIDR 网段，例如 10.0.0.0/8 或 fd00::1",
};

/** Makes the configuration from `sources` alone. */
export function readConfig(sources: ConfigSources): ConfigReading {
  const read = new SettingReader(sources);
  const sandbox = readSandbox(read);
  const real = sandbox.kind === "none";
  const { isBrandGiven, baseUrl, ...brands } = readFeishu(read, real);
  const records = recordsOf(brands.brand, !isBrandGiven);
  const credentials = real ? readCredentials(read, { ...brands, ...records, baseUrl }, sources) : MISSING;
  const refreshEndpoint = read.oneOf("refreshEndpoint", REFRESH_ENDPOINTS);
  const app = readApp(read);
  const kv = readKv(read, sandbox);
  const serverKey = read.text("serverKey");
  read.refuseTwofold();
  const config: Config = {
    transport: read.isOn("stdio") ? "stdio" : "http",
    host: read.text("host") ?? "127.0.0.1",
    port: read.port("port") ?? read.port("platformPort") ?? DEFAULT_PORT,
    allowedHosts: new Set(read.list("allowedHosts", isHostSetting, HOSTS_RULE)),
    allowedOrigins: new Set(readAllowedOrigins(read)),
    trustedProxies: readTrustedProxies(read),
    allowsQuerySecrets: readAllowsQuerySecrets(read, sources.env),
    callerKeys: readKeysOfCallers(read),
    allowsSessionLogins: read.oneOf("sessionLogins", ["1", "0"]) === "1",
    scopes: readScopes(read),
    credentials,
    ...brands,
    ...defined({ app, baseUrl, refreshEndpoint, kv }),
    ...(serverKey === undefined ? {} : { serverKey: new Secret(serverKey) }),
    sandbox,
    shutdownMs: isOnDenoDeploy(sources.env) ? DENO_DEPLOY_SHUTDOWN_MS : SHUTDOWN_MS,
    language: read.oneOf("language", LANGUAGES) ?? localLanguage(sources),
    ...loggingOf(read, sources),
    warnings: [
      ...(sources.fileNotes ?? []),
      ...(sources.secretNotes ?? []),
      ...read.warnings,
      ...(real ? credentialWarnings(credentials, baseUrl, app) : ignoredBySandbox(read)),
    ],
  };
  return read.problems.length === 0 ? { ok: true, config } : { ok: false, problems: read.problems };
}

/** The language alone, for messages before there is a configuration. */
export function readLanguage(sources: ConfigSources): Language {
  return new SettingReader(sources).oneOf("language", LANGUAGES) ?? localLanguage(sources);
}

/**
 * The settings of the log alone, for a command that has no others.
 *
 * @throws StartError when they cannot be read.
 */
export function readLogging(sources: ConfigSources): Pick<Config, "logLevel" | "logFormat"> {
  const read = new SettingReader(sources);
  const logging = loggingOf(read, sources);
  const [problem] = read.problems;
  if (problem !== undefined) throw new StartError(problem);
  return logging;
}

function loggingOf(
  read: SettingReader,
  { isTerminal }: ConfigSources,
): Pick<Config, "logLevel" | "logFormat"> {
  return {
    logLevel: read.oneOf("logLevel", LOG_LEVELS) ?? "info",
    logFormat: read.oneOf("logFormat", ["human", "json"]) ?? (isTerminal ? "human" : "json"),
  };
}

/** In the order of POSIX, for which an empty variable is not set. */
function localLanguage({ env, locale }: ConfigSources): Language {
  return languageOf(env("LC_ALL") || env("LC_MESSAGES") || env("LANG") || locale);
}

function readAllowedOrigins(read: SettingReader): readonly string[] {
  return read.items("allowedOrigins").flatMap((item, index) => {
    const origin = readOriginSetting(item);
    if (origin === undefined) {
      read.refuseItem("allowedOrigins", index, item === "null" ? NULL_ORIGIN_RULE : ORIGINS_RULE);
    }
    return origin ?? [];
  });
}

function readTrustedProxies(read: SettingReader): readonly AddressRange[] {
  return read.items("trustedProxies").flatMap((item, index) => {
    const range = readAddressRange(item);
    if (range === undefined) read.refuseItem("trustedProxies", index, PROXIES_RULE);
    return range ?? [];
  });
}

function readKeysOfCallers(read: SettingReader): readonly CallerKey[] {
  const text = read.text("callerKeys");
  if (text === undefined) return [];
  const { keys, faults } = readCallerKeys(text);
  const from = read.setBy("callerKeys");
  read.problems.push(...faults.map(({ en, zh }) => ({ en: `${from}: ${en}`, zh: `${from}：${zh}` })));
  return keys;
}

/** Not by {@linkcode SettingReader.items}: the names are told apart by their case. */
function readScopes(read: SettingReader): readonly string[] {
  const scopes = splitList(read.text("scopes") ?? "");
  if (!scopes.every(isScopeName)) {
    const from = read.setBy("scopes");
    read.problems.push({ en: `${from} ${SCOPE_NAMES_RULE.en}`, zh: `${from} ${SCOPE_NAMES_RULE.zh}` });
  }
  return scopes;
}

/**
 * Deno's telemetry exports the query of every request, and no program can prevent that. `OTEL_DENO` in the process's
 * own environment switches it on; on Deno Deploy it is always on.
 */
function readAllowsQuerySecrets(read: SettingReader, env: ConfigSources["env"]): boolean {
  const allowed = read.oneOf("allowQuerySecrets", ["1", "0"]);
  if (allowed !== undefined) return allowed === "1";
  return !/^(1|true)$/i.test(env("OTEL_DENO") ?? "") && !isOnDenoDeploy(env);
}

function readSandbox(read: SettingReader): SandboxUse {
  const isEmbedded = read.isOn("sandbox");
  const url = readSandboxUrl(read);
  const port = read.port("sandboxPort");
  if (isEmbedded && read.setBy("sandboxUrl") !== undefined) {
    read.problems.push({
      en: "--sandbox starts a sandbox and --sandbox-url uses another one: use only one of them",
      zh: "--sandbox 会启动一个沙箱，--sandbox-url 则使用另一个：请只用其中一个",
    });
  }
  if (!isEmbedded && read.setBy("sandboxPort") !== undefined) {
    read.problems.push({
      en: "--sandbox-port needs --sandbox",
      zh: "--sandbox-port 需要与 --sandbox 一起使用",
    });
  }
  const path = read.text("sandboxState");
  if (path !== undefined) {
    if (isEmbedded || url !== undefined) {
      read.problems.push({
        en: "--sandbox-state names a sandbox of its own: use it without --sandbox and --sandbox-url",
        zh: "--sandbox-state 已指定沙箱：不能与 --sandbox 或 --sandbox-url 同时使用",
      });
    }
    return { kind: "kept", path };
  }
  if (isEmbedded) return { kind: "embedded", port: port ?? DEFAULT_SANDBOX_PORT };
  return url === undefined ? { kind: "none" } : { kind: "elsewhere", url };
}

function readSandboxUrl(read: SettingReader): string | undefined {
  const given = URL.parse(read.text("sandboxUrl") ?? "");
  if (
    given === null || (isLoopbackHost(given.hostname) && /^\/(?:open-apis\/?)?$/i.test(given.pathname))
  ) {
    return read.baseUrl("sandboxUrl")?.url;
  }
  read.problems.push({
    en: "--sandbox-url must be an address of this machine, for instance http://127.0.0.1:8082",
    zh: "--sandbox-url 必须是本机地址，例如 http://127.0.0.1:8082",
  });
  return undefined;
}

/**
 * Keeps tokens of a simulated Feishu out of the store of the real ones, unless the command line itself names it.
 * Tokens of an embedded sandbox are useless when it has ended, so that they are never written to the disk.
 */
function readKv(read: SettingReader, sandbox: SandboxUse): string | undefined {
  if (sandbox.kind === "none") return read.text("kv");
  return read.flag("kv") ?? (sandbox.kind === "embedded" ? ":memory:" : undefined);
}

/** The Feishu that the settings mean. */
interface MeantFeishu extends Pick<Config, "brand" | "brandOfBaseUrl"> {
  readonly baseUrl?: string | undefined;
  /** Whether the setting of the brand is set. */
  readonly isBrandGiven: boolean;
}

/** An official host as the base URL is read as its brand. */
function readFeishu(read: SettingReader, real: boolean): MeantFeishu {
  const brand = read.oneOf("brand", ["feishu", "lark"]);
  const isBrandGiven = read.setBy("brand") !== undefined;
  const given = real ? read.baseUrl("baseUrl") : undefined;
  if (given?.brand === undefined) return { brand: brand ?? "feishu", isBrandGiven, baseUrl: given?.url };
  if (brand !== undefined && brand !== given.brand) {
    const { host } = new URL(given.url);
    const [brandBy, urlBy] = [read.setBy("brand"), read.setBy("baseUrl")];
    read.problems.push({
      en: `${brandBy} is ${brand}, and ${urlBy} names ${host}, a host of ${given.brand}: unset one of them`,
      zh: `${brandBy} 为 ${brand}，而 ${urlBy} 指向 ${given.brand} 的域名 ${host}：请去掉其中一个`,
    });
  }
  return { brand: given.brand, isBrandGiven, brandOfBaseUrl: given.brand };
}

function readApp(read: SettingReader): string | undefined {
  const name = read.text("app");
  if (name === undefined || isAppName(name)) return name;
  // Not repeated: it may be a secret.
  const from = read.setBy("app");
  read.problems.push({
    en: `${from} must be the name of a kept app, as \`feishu-token-mcp app list\` shows it`,
    zh: `${from} 必须是已保存应用的名称，可用 \`feishu-token-mcp app list\` 查看`,
  });
  return undefined;
}

function readCredentials(
  read: SettingReader,
  { brand, recordBrand, baseUrl }:
    & Pick<AppCredentials, "brand" | "recordBrand">
    & Pick<MeantFeishu, "baseUrl">,
  { hasUnreadEnvFile, fileNotes = [] }: ConfigSources,
): ConfiguredCredentials {
  const appId = read.text("appId");
  const appSecret = read.text("appSecret");
  if (appId === undefined || appSecret === undefined) {
    const notes = hasUnreadEnvFile === true ? [UNREAD_ENV_FILE] : fileNotes;
    const hinted = notes.length === 0 ? {} : { hint: joinPhrases(notes) };
    if (appId === undefined && appSecret === undefined) return { kind: "missing", ...hinted };
    const missing = appId === undefined ? "FEISHU_APP_ID" : "FEISHU_APP_SECRET";
    return { kind: "incomplete", missing, ...hinted };
  }
  const credentials: AppCredentials = {
    brand,
    appId,
    appSecret: new Secret(appSecret),
    ...defined({ recordBrand }),
  };
  const fault = credentialFault({ appId, appSecret, names: CREDENTIAL_VARIABLES });
  return fault === undefined || baseUrl !== undefined
    ? { kind: "complete", credentials }
    : { kind: "malformed", credentials, fault };
}

function credentialWarnings(
  credentials: ConfiguredCredentials,
  baseUrl: string | undefined,
  app: string | undefined,
): Phrase[] {
  if (app !== undefined && credentials.kind !== "missing") {
    return [{
      en: `the kept app ${app} is used; FEISHU_APP_ID and FEISHU_APP_SECRET are not`,
      zh: `使用已保存的应用 ${app}；忽略 FEISHU_APP_ID 和 FEISHU_APP_SECRET`,
    }];
  }
  switch (credentials.kind) {
    case "missing":
      return [];
    case "incomplete": {
      const { missing } = credentials;
      return [{
        en: `${missing} is not set: there are no tokens until both halves of the credentials are set`,
        zh: `未设置 ${missing}：应用凭证须同时设置 FEISHU_APP_ID 和 FEISHU_APP_SECRET，否则无法获取令牌`,
      }];
    }
    case "malformed":
      return [{
        en: `${credentials.fault.en}; there are no tokens until that is corrected`,
        zh: `${credentials.fault.zh}；更正之前无法获取令牌`,
      }];
    case "complete": {
      const { appId, appSecret } = credentials.credentials;
      const pair = { appId, appSecret: appSecret.reveal(), names: CREDENTIAL_VARIABLES };
      const fault = baseUrl === undefined ? undefined : credentialFault(pair);
      if (fault === undefined) return [];
      return [{
        en: `${fault.en}; it is sent as it is to the Feishu that FEISHU_BASE_URL names`,
        zh: `${fault.zh}；仍会原样发送给 FEISHU_BASE_URL 指定的飞书`,
      }];
    }
  }
}

/** One line that names the settings without effect. */
function ignoredBySandbox(read: SettingReader): Phrase[] {
  const ignored = IGNORED_BY_SANDBOX.map((name) => read.setBy(name))
    .filter((name) => name !== undefined && name !== "--kv");
  if (ignored.length === 0) return [];
  return [{
    en: `the sandbox's app is used; ignored: ${ignored.join(", ")}`,
    zh: `使用沙箱自带的应用；已忽略以下设置：${ignored.join("、")}`,
  }];
}
