import { verbatim } from "../../errors/verbatim.ts";
import { settingNames } from "../../settings.ts";
import type { Commands } from "./command.ts";
import { APP_COMMANDS } from "./app_commands.ts";
import { CLIENT_COMMANDS } from "./client_commands.ts";
import { SETUP_COMMAND } from "./setup_command.ts";
import { LOGIN_COMMANDS } from "./login_commands.ts";

/** Words that start the server, which also starts without a word. */
export const SERVER_WORDS: readonly string[] = ["start", "serve"];

/** Every command of the program. */
export const COMMANDS: Commands = {
  start: { settings: settingNames() },
  serve: { settings: settingNames() },
  help: { settings: ["language"] },
  version: { settings: ["language"] },
  sandbox: {
    settings: ["port", "language", "logLevel", "logFormat"],
    port: {
      default: verbatim("8082"),
      meaning: { en: "Port to listen on; 0 chooses a free one", zh: "监听端口；0 表示自动选择空闲端口" },
    },
  },
  demo: { settings: ["language"] },
  playground: {
    settings: ["port", "envFile", "envFileIfExists", "language"],
    variables: ["appId", "appSecret"],
    port: { default: verbatim("6274"), meaning: { en: "Port of the page", zh: "页面的端口" } },
  },
  doctor: {
    // All those of the server, so that its very command line can be checked.
    settings: settingNames(),
    flags: {
      json: {
        takes: "switch",
        meaning: { en: "One JSON object instead of lines", zh: "输出一个 JSON 对象，而不是逐行文本" },
      },
      "refresh-token-stdin": {
        takes: "switch",
        meaning: {
          en: "Check the refresh token on standard input too, without spending it",
          zh: "同时检查标准输入中的 refresh_token，但不用掉它",
        },
      },
    },
  },
  token: {
    settings: [
      "app",
      "baseUrl",
      "kv",
      "sandbox",
      "sandboxPort",
      "sandboxUrl",
      "sandboxState",
      "envFile",
      "envFileIfExists",
      "language",
      "logLevel",
      "logFormat",
    ],
    variables: ["appId", "appSecret", "brand", "refreshEndpoint", "serverKey"],
    exitsByKind: true,
    flags: {
      "min-ttl": {
        words: ["app", "tenant", "user"],
        takes: "text",
        placeholder: "SECONDS",
        default: verbatim("300"),
        meaning: {
          en: "Not token refresh: how long the token must still work, 0 to 7200; for a user to 3600",
          zh: "token refresh 除外：令牌至少还须有效的秒数，0 到 7200；用户的令牌为 0 到 3600",
        },
      },
      user: {
        words: ["user"],
        takes: "text",
        placeholder: "USER",
        default: { en: "the only one", zh: "唯一的那个人" },
        meaning: {
          en: "token user: whose login, open_id or name",
          zh: "token user：谁的登录，open_id 或姓名",
        },
      },
      scope: {
        words: ["user"],
        takes: "text",
        placeholder: "SCOPES",
        meaning: {
          en: "token user: permissions that the token must have, separated by blanks",
          zh: "token user：令牌必须具备的权限，以空格分隔",
        },
      },
      format: {
        takes: "text",
        placeholder: "FORMAT",
        default: verbatim("text"),
        meaning: {
          en: "text (the token alone), json (the result of the MCP tool) or env (NAME=value lines)",
          zh: "text（只有令牌）、json（与 MCP 工具的结果相同）或 env（NAME=value 行）",
        },
      },
      json: { takes: "switch", meaning: { en: "Same as --format json", zh: "等同于 --format json" } },
    },
    words: ["app", "tenant", "user", "refresh"],
    noFurtherWord: {
      en: "a refresh token is read from standard input, since anyone who lists processes sees arguments",
      zh: "refresh_token 从标准输入读取，因为能查看进程列表的人都能看到命令行参数",
    },
  },
  ...LOGIN_COMMANDS,
  ...APP_COMMANDS,
  ...SETUP_COMMAND,
  ...CLIENT_COMMANDS,
};
