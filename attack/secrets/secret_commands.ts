import type { PlantedSecrets, SECRET_NAMES } from "./secret_names.ts";

/** One command that a person types, or a service manager runs, with a secret in it. */
export interface SecretCommand {
  readonly args: readonly string[];
  /** Variables that differ from those of a sound configuration; `null` takes one away. */
  readonly env?: Readonly<Record<string, string | null>>;
  readonly stdin?: string;
  /** The content of a file whose path is appended to the arguments. */
  readonly file?: string;
  /** What it is asked for, and may print. */
  readonly prints?: readonly (typeof SECRET_NAMES)[number][];
}

const REFUSED_VARIABLES = [
  "FEISHU_BRAND",
  "FEISHU_TOKEN_PORT",
  "PORT",
  "FEISHU_TOKEN_LOG_LEVEL",
  "FEISHU_TOKEN_LOG_FORMAT",
  "FEISHU_TOKEN_LANG",
  "FEISHU_REFRESH_ENDPOINT",
  "FEISHU_TOKEN_ALLOWED_HOSTS",
  "FEISHU_TOKEN_ALLOWED_ORIGINS",
  "FEISHU_TOKEN_ALLOW_QUERY_SECRETS",
  "FEISHU_TOKEN_KEY",
  "FEISHU_BASE_URL",
];
const APP = ["token", "app"];

/** Commands with secrets where they belong, and where they do not. */
export function secretCommands(secrets: PlantedSecrets): SecretCommand[] {
  const argument = secrets["argument of a command"];
  const presented = secrets["refresh token that is presented"];
  const base = secrets["base URL"];
  const store = secrets["store's URL"];
  const exchanged = {
    FEISHU_APP_ID: secrets["app secret in the place of the App ID"],
    FEISHU_APP_SECRET: "cli_a1b2c3d4e5f6a7b8",
  };
  const wrong = { FEISHU_APP_SECRET: secrets["app secret that is wrong"] };
  const proxy = {
    HTTPS_PROXY: `http://u:${secrets["proxy's password"]}@127.0.0.1:1`,
    FEISHU_BASE_URL: "https://127.0.0.1:1",
  };
  const line = secrets["env file"];
  const file =
    `${line}\nFEISHU_APP_SECRET ${line}\n=${line}\nFEISHU_APP_SECRT=${line}\nexport FEISHU_APP_SECRET='${line}\n`;
  const asked = ["app token"] as const;
  const pair = ["access token", "refresh token that is issued"] as const;
  return [
    { args: ["doctor"] },
    { args: ["doctor", "--json"] },
    { args: ["doctor", "--json"], env: wrong },
    { args: ["doctor"], env: exchanged },
    { args: ["doctor", "--json"], env: exchanged },
    { args: [...APP, "--log-level", "debug"], env: exchanged, prints: asked },
    { args: APP, prints: asked },
    { args: [...APP, "--format", "json", "--log-level", "debug"], prints: asked },
    { args: APP, env: wrong },
    { args: ["token", "refresh"], stdin: `${presented}command\n`, prints: pair },
    { args: ["token", "refresh"], stdin: `${secrets["refresh token of nobody"]}\n` },
    { args: ["token", "refresh"], stdin: `${presented} ${presented}` },
    { args: ["doctor", "--refresh-token-stdin", "--json"], stdin: `${presented}doctor\n` },
    { args: ["token", "refresh", argument] },
    { args: ["token", argument] },
    { args: [argument] },
    { args: ["serve", argument] },
    { args: ["--app-secret", argument] },
    { args: [`--app-secret=${argument}`] },
    { args: [`--${argument}`] },
    { args: ["--port", argument] },
    ...REFUSED_VARIABLES.map((name) => ({ args: APP, env: { [name]: argument }, prints: asked })),
    { args: APP, env: { FEISHU_BASE_URL: `https://user:${base}@127.0.0.1:1/` } },
    { args: APP, env: { FEISHU_BASE_URL: `https://127.0.0.1:1/?k=${base}` } },
    { args: APP, env: { FEISHU_BASE_URL: `http://127.0.0.1:1/${base}` } },
    ...[
      `http://user:${store}@127.0.0.1:1/db`,
      `http://127.0.0.1:1/db?token=${store}`,
      `http://127.0.0.1:1/${store}`,
    ]
      .flatMap((url) => [
        { args: APP, env: { FEISHU_TOKEN_KV: url } },
        { args: ["doctor", "--json"], env: { FEISHU_TOKEN_KV: url } },
      ]),
    { args: ["doctor", "--env-file"], env: { FEISHU_APP_SECRET: null }, file },
    { args: [...APP, "--env-file"], env: { FEISHU_APP_SECRET: null }, file, prints: asked },
    { args: ["doctor"], env: proxy },
    { args: [...APP, "--log-level", "debug"], env: proxy },
  ];
}
