/**
 * Every setting, once: its flag, its environment variable, its default, its meaning. `--help`, `.env.example` and the
 * configuration itself are made of, or held against, this table.
 */

/** One row of {@linkcode SETTINGS}. */
export interface Setting {
  /** Long flag without dashes. */
  readonly flag?: string;
  /** Environment variable; also its name in an env file. */
  readonly variable?: string;
  /** `switch` takes no value. */
  readonly takes: "text" | "switch";
  /** Stands for the value in `--help`. */
  readonly placeholder?: string;
  /** What counts where nothing is set, in words. */
  readonly default?: string;
  /** One line. */
  readonly meaning: string;
}

/** Every setting, in the order of `--help`. */
export const SETTINGS = {
  appId: {
    variable: "FEISHU_APP_ID",
    takes: "text",
    meaning: "App ID of your app (developer console, Credentials & Basic Info)",
  },
  appSecret: {
    variable: "FEISHU_APP_SECRET",
    takes: "text",
    meaning: "App Secret of your app (same page). Never a flag: whoever lists processes sees those",
  },
  brand: {
    variable: "FEISHU_BRAND",
    takes: "text",
    default: "feishu",
    meaning: "feishu or lark: where the app was made",
  },
  baseUrl: {
    flag: "base-url",
    variable: "FEISHU_BASE_URL",
    takes: "text",
    placeholder: "URL",
    default: "the brand's own hosts",
    meaning: "Feishu's API of a private deployment",
  },
  refreshEndpoint: {
    variable: "FEISHU_REFRESH_ENDPOINT",
    takes: "text",
    default: "told by the token's shape",
    meaning: "v1, oidc, v2 or v3: the only endpoint that refresh tokens are sent to",
  },
  stdio: { flag: "stdio", takes: "switch", meaning: "Serve one MCP client on standard input and output" },
  host: {
    flag: "host",
    variable: "FEISHU_TOKEN_HOST",
    takes: "text",
    placeholder: "HOST",
    default: "127.0.0.1",
    meaning: "Address to listen on. With credentials in the environment only loopback is allowed",
  },
  port: {
    flag: "port",
    variable: "FEISHU_TOKEN_PORT",
    takes: "text",
    placeholder: "N",
    default: "8081",
    meaning: "Port to listen on; 0 takes any that is free",
  },
  platformPort: {
    variable: "PORT",
    takes: "text",
    meaning: "The same, as hosting platforms name it; the two above count more",
  },
  allowedHosts: {
    variable: "FEISHU_TOKEN_ALLOWED_HOSTS",
    takes: "text",
    default: "loopback names alone",
    meaning: "Names that this server is called by, with or without port, parted by commas",
  },
  allowedOrigins: {
    variable: "FEISHU_TOKEN_ALLOWED_ORIGINS",
    takes: "text",
    default: "loopback pages alone",
    meaning: "Origins of web pages that may call, such as https://app.example.com, parted by commas",
  },
  allowQuerySecrets: {
    variable: "FEISHU_TOKEN_ALLOW_QUERY_SECRETS",
    takes: "text",
    default: "1, but 0 where telemetry exports queries",
    meaning: "1 or 0: whether a session's app secret may stand in the query of its address",
  },
  kv: {
    flag: "kv",
    variable: "FEISHU_TOKEN_KV",
    takes: "text",
    placeholder: "PLACE",
    default: "a file in your data directory",
    meaning: "Token store: a path, :memory:, or a KV Connect URL (with DENO_KV_ACCESS_TOKEN)",
  },
  serverKey: {
    variable: "FEISHU_TOKEN_KEY",
    takes: "text",
    default: "a random key file beside the store",
    meaning: "Seals the store: 32 bytes in base64, from `openssl rand -base64 32`",
  },
  sandbox: {
    flag: "sandbox",
    takes: "switch",
    meaning: "Try it without an account: start a simulated Feishu and use its app",
  },
  sandboxPort: {
    flag: "sandbox-port",
    takes: "text",
    placeholder: "N",
    default: "8082",
    meaning: "Port of that sandbox; 0 takes any that is free",
  },
  sandboxUrl: {
    flag: "sandbox-url",
    takes: "text",
    placeholder: "URL",
    meaning: "Use the sandbox that runs at this address of the machine",
  },
  envFile: {
    flag: "env-file",
    takes: "text",
    placeholder: "PATH",
    meaning: "Read variables from this file; those of the environment count more",
  },
  envFileIfExists: {
    flag: "env-file-if-exists",
    takes: "text",
    placeholder: "PATH",
    meaning: "The same, and no error if there is no such file",
  },
  language: {
    flag: "lang",
    variable: "FEISHU_TOKEN_LANG",
    takes: "text",
    placeholder: "LANG",
    default: "by your locale, else en",
    meaning: "en or zh: the language of failures and what to do about them; logs stay English",
  },
  logLevel: {
    flag: "log-level",
    variable: "FEISHU_TOKEN_LOG_LEVEL",
    takes: "text",
    placeholder: "LEVEL",
    default: "info",
    meaning: "error, warn, info or debug",
  },
  logFormat: {
    flag: "log-format",
    variable: "FEISHU_TOKEN_LOG_FORMAT",
    takes: "text",
    placeholder: "FORMAT",
    default: "human on a terminal, else json",
    meaning: "human or json; logs go to standard error alone",
  },
} as const satisfies Record<string, Setting>;

/** Name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** The row of `name`, with every optional field readable. */
export function setting(name: SettingName): Setting {
  return SETTINGS[name];
}

/** Every setting's name, in order. */
export function settingNames(): SettingName[] {
  return Object.keys(SETTINGS) as SettingName[];
}
