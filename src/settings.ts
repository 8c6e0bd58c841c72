/**
 * Every setting once: flag, environment variable, default, meaning. `--help` and the configuration are made from this
 * table; tests hold `.env.example` and the pages to it.
 */

import type { Phrase } from "./errors/language.ts";
import { verbatim } from "./errors/verbatim.ts";

/** One row of {@linkcode SETTINGS}. */
export interface Setting {
  /** Long flag without dashes. */
  readonly flag?: string;
  /** Environment variable; also its name in an env file. */
  readonly variable?: string;
  /** `switch` takes no value. */
  readonly takes: "text" | "switch";
  /** Name of the value in `--help`. */
  readonly placeholder?: string;
  /** In words. */
  readonly default?: Phrase;
  /** One line of `--help`. */
  readonly meaning: Phrase;
}

/** Every setting, in the order of `--help`. */
export const SETTINGS = {
  appId: {
    variable: "FEISHU_APP_ID",
    takes: "text",
    meaning: {
      en: "App ID of your app (developer console, Credentials & Basic Info)",
      zh: "应用的 App ID（开发者后台 → 凭证与基础信息）",
    },
  },
  appSecret: {
    variable: "FEISHU_APP_SECRET",
    takes: "text",
    meaning: {
      en: "App Secret of your app (same page). Never a flag: anyone who lists processes sees flags",
      zh: "应用的 App Secret（同一页面）。不能用命令行参数设置：能查看进程列表的人都能看到命令行参数",
    },
  },
  appSecretFile: {
    variable: "FEISHU_APP_SECRET_FILE",
    takes: "text",
    meaning: {
      en: "File that holds the App Secret, as containers mount it; instead of FEISHU_APP_SECRET",
      zh: "存放 App Secret 的文件，例如容器挂载的 secret；用来代替 FEISHU_APP_SECRET",
    },
  },
  brand: {
    variable: "FEISHU_BRAND",
    takes: "text",
    default: verbatim("feishu"),
    meaning: { en: "feishu or lark: where the app was made", zh: "feishu 或 lark：应用在哪个平台创建" },
  },
  app: {
    flag: "app",
    variable: "FEISHU_APP",
    takes: "text",
    placeholder: "NAME",
    default: { en: "the pair above, else the kept default app", zh: "上面两项，否则为已保存的默认应用" },
    meaning: {
      en: "Name of a kept app (command app); overrides FEISHU_APP_ID and FEISHU_APP_SECRET",
      zh: "已保存应用的名称（见命令 app）；优先于 FEISHU_APP_ID 和 FEISHU_APP_SECRET",
    },
  },
  baseUrl: {
    flag: "base-url",
    variable: "FEISHU_BASE_URL",
    takes: "text",
    placeholder: "URL",
    default: { en: "the brand's own hosts", zh: "该平台自己的域名" },
    meaning: { en: "Feishu's API of a private deployment", zh: "私有化部署的飞书 API 地址" },
  },
  refreshEndpoint: {
    variable: "FEISHU_REFRESH_ENDPOINT",
    takes: "text",
    default: { en: "chosen by the token's form", zh: "由 refresh_token 的形式判断" },
    meaning: {
      en: "v1, oidc, v2 or v3: the only endpoint that refresh tokens are sent to",
      zh: "v1、oidc、v2 或 v3：refresh_token 只发往这一个接口",
    },
  },
  stdio: {
    flag: "stdio",
    takes: "switch",
    meaning: {
      en: "Serve one MCP client on standard input and output",
      zh: "通过标准输入输出为一个 MCP 客户端服务",
    },
  },
  host: {
    flag: "host",
    variable: "FEISHU_TOKEN_HOST",
    takes: "text",
    placeholder: "HOST",
    default: verbatim("127.0.0.1"),
    meaning: {
      en:
        "Address to listen on. With credentials in the environment and no caller keys, only loopback is allowed",
      zh: "监听地址。环境中有凭证且未设置调用方密钥时，只允许回环地址",
    },
  },
  port: {
    flag: "port",
    variable: "FEISHU_TOKEN_PORT",
    takes: "text",
    placeholder: "N",
    default: verbatim("8081"),
    meaning: { en: "Port to listen on; 0 chooses a free one", zh: "监听端口；0 表示自动选择空闲端口" },
  },
  platformPort: {
    variable: "PORT",
    takes: "text",
    meaning: {
      en: "The same for hosting platforms; the two above override it",
      zh: "同上，托管平台使用的名称；上面两项优先",
    },
  },
  allowedHosts: {
    variable: "FEISHU_TOKEN_ALLOWED_HOSTS",
    takes: "text",
    default: { en: "loopback names only", zh: "仅回环名称" },
    meaning: {
      en: "Host names of this server, with or without port, separated by commas",
      zh: "访问本服务所用的域名，可带端口，以逗号分隔",
    },
  },
  allowedOrigins: {
    variable: "FEISHU_TOKEN_ALLOWED_ORIGINS",
    takes: "text",
    default: { en: "pages of this machine only", zh: "仅本机页面" },
    meaning: {
      en: "Origins of web pages that may call, such as https://app.example.com, separated by commas",
      zh: "允许调用的网页来源，例如 https://app.example.com，以逗号分隔",
    },
  },
  trustedProxies: {
    variable: "FEISHU_TOKEN_TRUSTED_PROXIES",
    takes: "text",
    default: { en: "no proxy is trusted", zh: "不信任任何代理" },
    meaning: {
      en: "IP addresses and CIDR blocks of reverse proxies whose Forwarded and X-Forwarded-* are believed",
      zh: "可信反向代理的 IP 地址或 CIDR 网段：只采信它们的 X-Forwarded-* 和 Forwarded 请求头",
    },
  },
  allowQuerySecrets: {
    variable: "FEISHU_TOKEN_ALLOW_QUERY_SECRETS",
    takes: "text",
    default: { en: "1, but 0 where telemetry exports queries", zh: "1；遥测会导出查询参数时为 0" },
    meaning: {
      en: "1 or 0: whether a session may send its app secret in the query of the URL",
      zh: "1 或 0：会话是否可以在 URL 的查询参数中发送 App Secret",
    },
  },
  callerKeys: {
    variable: "FEISHU_TOKEN_CALLER_KEYS",
    takes: "text",
    default: { en: "callers need no key", zh: "调用方无需密钥" },
    meaning: {
      en:
        "Keys of callers over HTTP, NAME=KEY separated by commas or blanks; sent as Authorization: Bearer KEY",
      zh: "HTTP 调用方的密钥，形如 NAME=KEY，以逗号或空格分隔；调用时以 Authorization: Bearer KEY 发送",
    },
  },
  callerKeysFile: {
    variable: "FEISHU_TOKEN_CALLER_KEYS_FILE",
    takes: "text",
    meaning: {
      en: "File that holds these keys, one a line; instead of FEISHU_TOKEN_CALLER_KEYS",
      zh: "存放这些密钥的文件，每行一个；用来代替 FEISHU_TOKEN_CALLER_KEYS",
    },
  },
  sessionLogins: {
    variable: "FEISHU_TOKEN_SESSION_LOGINS",
    takes: "text",
    default: verbatim("0"),
    meaning: {
      en:
        "1 or 0: whether callers that bring an app's secret may log in; all who know the secret share these logins",
      zh: "1 或 0：自带应用凭证的调用方是否可以使用登录；知道该 App Secret 的人共用这些登录",
    },
  },
  scopes: {
    variable: "FEISHU_TOKEN_SCOPES",
    takes: "text",
    default: { en: "those that the app offers", zh: "应用已开通的权限" },
    meaning: {
      en: "Scopes that a login asks for if it names none, separated by blanks or commas",
      zh: "登录未指定权限时申请的权限，以空格或逗号分隔",
    },
  },
  kv: {
    flag: "kv",
    variable: "FEISHU_TOKEN_KV",
    takes: "text",
    placeholder: "PLACE",
    default: { en: "a file in your data directory", zh: "用户数据目录中的一个文件" },
    meaning: {
      en: "Token store: a path, :memory:, or a KV Connect URL (with DENO_KV_ACCESS_TOKEN)",
      zh: "令牌存储：路径、:memory: 或 KV Connect URL（配合 DENO_KV_ACCESS_TOKEN）",
    },
  },
  serverKey: {
    variable: "FEISHU_TOKEN_KEY",
    takes: "text",
    default: { en: "a random key file next to the store", zh: "存储旁边的随机密钥文件" },
    meaning: {
      en: "Key that encrypts the store: 32 bytes in base64, from `openssl rand -base64 32`",
      zh: "加密存储的密钥：base64 编码的 32 字节，用 `openssl rand -base64 32` 生成",
    },
  },
  serverKeyFile: {
    variable: "FEISHU_TOKEN_KEY_FILE",
    takes: "text",
    meaning: {
      en: "File that holds that key; instead of FEISHU_TOKEN_KEY",
      zh: "存放该密钥的文件；用来代替 FEISHU_TOKEN_KEY",
    },
  },
  sandbox: {
    flag: "sandbox",
    takes: "switch",
    meaning: {
      en: "Try it without an account: start a simulated Feishu and use its app",
      zh: "无需账号即可试用：启动模拟飞书并使用它的应用",
    },
  },
  sandboxPort: {
    flag: "sandbox-port",
    takes: "text",
    placeholder: "N",
    default: verbatim("8082"),
    meaning: {
      en: "Port of that sandbox; 0 chooses a free one",
      zh: "该沙箱的端口；0 表示自动选择空闲端口",
    },
  },
  sandboxUrl: {
    flag: "sandbox-url",
    takes: "text",
    placeholder: "URL",
    meaning: {
      en: "Use the sandbox that runs at this address of this machine",
      zh: "使用运行在本机该地址上的沙箱",
    },
  },
  sandboxState: {
    flag: "sandbox-state",
    takes: "text",
    placeholder: "FILE",
    meaning: {
      en: "Use a simulated Feishu that is kept in this file: the first process runs it, others find it",
      zh: "使用保存在该文件中的模拟飞书：由第一个进程运行，其他进程会找到它",
    },
  },
  envFile: {
    flag: "env-file",
    takes: "text",
    placeholder: "PATH",
    meaning: {
      en: "Read variables from this file; the environment overrides it",
      zh: "从该文件读取变量；环境变量优先",
    },
  },
  envFileIfExists: {
    flag: "env-file-if-exists",
    takes: "text",
    placeholder: "PATH",
    meaning: { en: "The same, without an error if the file does not exist", zh: "同上，文件不存在时不报错" },
  },
  language: {
    flag: "lang",
    variable: "FEISHU_TOKEN_LANG",
    takes: "text",
    placeholder: "LANG",
    default: { en: "by your locale, else en", zh: "取决于系统语言，否则 en" },
    meaning: {
      en: "en or zh: the language of messages and of --help; the log of calls stays English",
      zh: "en 或 zh：提示信息和 --help 的语言；调用日志始终为英文",
    },
  },
  logLevel: {
    flag: "log-level",
    variable: "FEISHU_TOKEN_LOG_LEVEL",
    takes: "text",
    placeholder: "LEVEL",
    default: verbatim("info"),
    meaning: { en: "error, warn, info or debug", zh: "error、warn、info 或 debug" },
  },
  logFormat: {
    flag: "log-format",
    variable: "FEISHU_TOKEN_LOG_FORMAT",
    takes: "text",
    placeholder: "FORMAT",
    default: { en: "human on a terminal, else json", zh: "终端上为 human，否则为 json" },
    meaning: {
      en: "human or json; the log goes to standard error only",
      zh: "human 或 json；日志只写到标准错误",
    },
  },
} as const satisfies Record<string, Setting>;

/** Key of a setting in {@linkcode SETTINGS}. */
export type SettingName = keyof typeof SETTINGS;

/** The secrets that may come from a file, each with the setting that names the file. A command reads the files. */
export const SECRET_FILES = [
  ["appSecret", "appSecretFile"],
  ["serverKey", "serverKeyFile"],
  ["callerKeys", "callerKeysFile"],
] as const satisfies readonly (readonly [SettingName, SettingName])[];

/** The row of `name`, typed so that optional fields can be read. */
export function setting(name: SettingName): Setting {
  return SETTINGS[name];
}

/** Every setting's key, in the order of `--help`. */
export function settingNames(): SettingName[] {
  return Object.keys(SETTINGS) as SettingName[];
}
