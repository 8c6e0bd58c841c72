import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import { type SettingName, settingNames } from "../../settings.ts";

/** A flag that only one command has. */
export interface OwnFlag {
  /** `switch` takes no value. */
  readonly takes: "text" | "switch";
  /** Name of the value in `--help`. */
  readonly placeholder?: string;
  /** In words. */
  readonly default?: Phrase;
  /** One line of `--help`. */
  readonly meaning: Phrase;
}

/** What a command takes. */
export interface Command {
  /** Those that it takes as flags. */
  readonly settings: readonly SettingName[];
  /** Its own, by their long name. Commands that have the same name have it in the same form. */
  readonly flags?: Readonly<Record<string, OwnFlag>>;
  /** Settings that it takes from the environment but not as flags. */
  readonly variables?: readonly SettingName[];
  /** Its `--port`, where that is not the server's: no variable sets it. */
  readonly port?: Pick<OwnFlag, "default" | "meaning">;
  /** Whether its exit code tells the kind of a failure. */
  readonly exitsByKind?: true;
  /** One of them must follow the command. */
  readonly words?: readonly string[];
  /** Why it takes no further word, where a user may well try one. */
  readonly noFurtherWord?: Phrase;
}

/** Every command, by its name. */
export type Commands = Readonly<Record<string, Command>>;

/** The command `name`, if there is one. */
export function commandNamed(name: string, commands: Commands): Command | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

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
      "baseUrl",
      "kv",
      "sandbox",
      "sandboxPort",
      "sandboxUrl",
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
        takes: "text",
        placeholder: "SECONDS",
        default: verbatim("300"),
        meaning: {
          en: "token app, token tenant: how long the token must still work, 0 to 7200",
          zh: "token app、token tenant：令牌至少还须有效的秒数，0 到 7200",
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
    words: ["app", "tenant", "refresh"],
    noFurtherWord: {
      en: "a refresh token is read from standard input, since anyone who lists processes sees arguments",
      zh: "refresh_token 从标准输入读取，因为能查看进程列表的人都能看到命令行参数",
    },
  },
};
