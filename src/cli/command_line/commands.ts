import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import { type SettingName, settingNames } from "../../settings.ts";

/** A flag that belongs to one command alone. */
export interface OwnFlag {
  /** `switch` takes no value. */
  readonly takes: "text" | "switch";
  /** Stands for the value in `--help`. */
  readonly placeholder?: string;
  /** What counts without it, in words. */
  readonly default?: Phrase;
  /** One line. */
  readonly meaning: Phrase;
}

/** What may stand on the command line behind a command. */
export interface Command {
  /** The settings that it takes as flags. */
  readonly settings: readonly SettingName[];
  /** The flags that are its own, by their long name. A name stands for the same form in every command. */
  readonly flags?: Readonly<Record<string, OwnFlag>>;
  /** The settings that it takes from the environment alone. */
  readonly variables?: readonly SettingName[];
  /** What its `--port` is, where that is not the server's port: no variable names it. */
  readonly port?: Pick<OwnFlag, "default" | "meaning">;
  /** Whether its exit code tells what kind of failure it was. */
  readonly exitsByKind?: true;
  /** The words of which one must follow it. */
  readonly words?: readonly string[];
  /** Why it takes no further word, where somebody may well try. */
  readonly noFurtherWord?: Phrase;
}

/** Each command by its name. */
export type Commands = Readonly<Record<string, Command>>;

/** The command `name`, if there is one. */
export function commandNamed(name: string, commands: Commands): Command | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

/** The words for the server itself, which runs without any of them too. */
export const SERVER_WORDS: readonly string[] = ["start", "serve"];

/** Each command. */
export const COMMANDS: Commands = {
  start: { settings: settingNames() },
  serve: { settings: settingNames() },
  help: { settings: ["language"] },
  version: { settings: ["language"] },
  sandbox: {
    settings: ["port", "language", "logLevel", "logFormat"],
    port: {
      default: verbatim("8082"),
      meaning: { en: "Port to listen on; 0 takes any that is free", zh: "监听端口；0 表示任取一个空闲端口" },
    },
  },
  demo: { settings: ["language"] },
  playground: {
    settings: ["port", "envFile", "envFileIfExists", "language"],
    variables: ["appId", "appSecret"],
    port: { default: verbatim("6274"), meaning: { en: "Port of the page", zh: "页面的端口" } },
  },
  doctor: {
    // Whatever the server is started with, so that the same command line can be checked.
    settings: settingNames(),
    flags: {
      json: {
        takes: "switch",
        meaning: { en: "One JSON object instead of lines", zh: "输出一个 JSON 对象，而不是逐行文本" },
      },
      "refresh-token-stdin": {
        takes: "switch",
        meaning: {
          en: "Look at the refresh token on standard input too, without spending it",
          zh: "同时检查标准输入中的 refresh_token，但不消耗它",
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
          zh: "token app、token tenant：令牌至少还要有效多少秒，0 到 7200",
        },
      },
      format: {
        takes: "text",
        placeholder: "FORMAT",
        default: verbatim("text"),
        meaning: {
          en: "text (the token alone), json (what the MCP tools answer) or env (NAME=value lines)",
          zh: "text（只有令牌）、json（与 MCP 工具的结果相同）或 env（NAME=value 行）",
        },
      },
      json: { takes: "switch", meaning: { en: "Same as --format json", zh: "等同于 --format json" } },
    },
    words: ["app", "tenant", "refresh"],
    noFurtherWord: {
      en: "a refresh token is read from standard input, since whoever lists processes sees arguments",
      zh: "refresh_token 从标准输入读取，因为列出进程的人都能看到参数",
    },
  },
};
