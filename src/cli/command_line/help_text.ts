import type { Language, Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import { setting, type SettingName, settingNames } from "../../settings.ts";
import { VERSION } from "../../version.ts";
import { commandNamed, type OwnFlag } from "./command.ts";
import { COMMAND_ROWS, type Row, USAGE } from "./command_rows.ts";
import { COMMANDS, SERVER_WORDS } from "./commands.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import { columnsOf, wrapText } from "./wrap_text.ts";

const INDENT = 2;
/** Column in which meanings begin: behind the longest name, with a gap. */
const COLUMN = 36;
/** Lines are wrapped at this column, so that a terminal of 100 columns does not break words. */
const LINE_WIDTH = 98;

/** What each exit code of a failure means. */
const MEANINGS: Readonly<Record<number, Phrase>> = {
  1: {
    en: "a fault of the program, or output that cannot be written; for doctor: a check failed",
    zh: "程序自身的错误，或无法写出输出；doctor：有检查失败",
  },
  2: {
    en: "the command line or a setting cannot be read; for the server also: it cannot start",
    zh: "命令行或设置无法识别；对服务而言还包括：无法启动",
  },
  3: { en: "the app's credentials or settings have to be fixed", zh: "需要更正应用凭证或设置" },
  4: { en: "the user has to authorize the app again", zh: "用户需要重新授权该应用" },
  5: { en: "it passes by itself: try again later", zh: "会自行恢复，请稍后重试" },
  6: { en: "it is not known what Feishu did: read the message", zh: "无法得知飞书是否已处理，请阅读提示" },
  7: { en: "the token store has to be fixed", zh: "需要修复令牌存储" },
};

const HEADINGS = {
  title: {
    en: "Feishu and Lark access tokens for AI agents, over MCP",
    zh: "通过 MCP 为 AI 智能体提供飞书和 Lark 的访问令牌",
  },
  usage: { en: "Usage: ", zh: "用法：" },
  commands: { en: "Commands", zh: "命令" },
  flags: { en: "Flags [and their defaults]", zh: "参数 [及其默认值]" },
  variables: {
    en: "Environment variables (flags override them, and they override an env file)",
    zh: "环境变量（命令行参数优先于环境变量，环境变量优先于 env 文件）",
  },
  exitCodes: { en: "Exit codes", zh: "退出码" },
  everything: {
    en: "`feishu-token-mcp --help` lists every command, flag, variable and exit code.",
    zh: "`feishu-token-mcp --help` 会列出所有命令、参数、环境变量和退出码。",
  },
} as const satisfies Record<string, Phrase>;

const HELP_ROW: Row = ["-h, --help", { en: "Show this", zh: "显示本帮助" }];

const HELP_ROWS: readonly Row[] = [
  HELP_ROW,
  ["-V, --version", { en: "Show the version", zh: "显示版本" }],
];

const SUCCESS: Row = [
  "0",
  {
    en: "Success, or ended by a signal; for doctor: no check failed",
    zh: "成功，或由信号结束；doctor：没有检查失败",
  },
];

/** The text of `--help`. */
export function helpText(language: Language): string {
  return [
    ...beginning(USAGE, language),
    ...section(HEADINGS.commands, COMMAND_ROWS, language),
    ...section(HEADINGS.flags, [...flagRows(settingNames()), ...HELP_ROWS], language),
    ...ownFlagSections().flatMap(({ heading, rows }) => section(heading, rows, language)),
    ...section(HEADINGS.variables, variableRows(settingNames()), language),
    ...section(
      HEADINGS.exitCodes,
      [SUCCESS, ...exitCodeRows(), ...Object.keys(COMMANDS).flatMap(ownExitRows)],
      language,
    ),
  ].join("\n");
}

/** The text of `COMMAND --help`: how that one command is called, and what it takes. */
export function commandHelp(command: string, language: Language): string {
  const known = commandNamed(command, COMMANDS);
  // `help` takes nothing that the whole text does not show.
  if (known === undefined || command === "help") return helpText(language);
  const { settings, variables = [], port, exitsByKind } = known;
  const isServer = SERVER_WORDS.includes(command);
  const word = isServer ? "[start]" : command;
  const shared = port === undefined ? settings : settings.filter((name) => name !== "port");
  const named = settingNames().filter((name) => shared.includes(name) || variables.includes(name));
  const ownRows = [
    ...Object.entries(known.flags ?? {}).map(([flag, own]) => flagRow(flag, own)),
    ...(port === undefined ? [] : [flagRow("port", { ...setting("port"), ...port })]),
  ];
  return [
    ...beginning(USAGE.filter((line) => line.split(" ")[1] === word), language),
    ...section(
      HEADINGS.commands,
      COMMAND_ROWS.filter(([name]) => isServer ? typeof name !== "string" : isRowOf(command, name)),
      language,
    ),
    ...section(HEADINGS.flags, [...ownRows, ...flagRows(shared), HELP_ROW], language),
    ...(command === "version" ? [] : section(HEADINGS.variables, variableRows(named), language)),
    ...(exitsByKind
      ? section(HEADINGS.exitCodes, [SUCCESS, ...exitCodeRows(), ...ownExitRows(command)], language)
      : []),
    ...wrapText(HEADINGS.everything[language], LINE_WIDTH),
    "",
  ].join("\n");
}

function isRowOf(command: string, name: Row[0]): boolean {
  return typeof name === "string" && name.split(" ")[0] === command;
}

function beginning(lines: readonly string[], language: Language): string[] {
  const usage = HEADINGS.usage[language];
  return [
    `feishu-token-mcp ${VERSION}: ${HEADINGS.title[language]}`,
    "",
    ...lines.map((line, index) => `${index === 0 ? usage : " ".repeat(columnsOf(usage))}${line}`),
    "",
  ];
}

function section(heading: Phrase, rows: readonly Row[], language: Language): string[] {
  return [heading[language], ...rows.map((each) => rowIn(language, each)), ""];
}

function flagRows(names: readonly SettingName[]): Row[] {
  return names.map(setting).flatMap(({ flag, ...rest }) => flag === undefined ? [] : [flagRow(flag, rest)]);
}

function flagRow(flag: string, { placeholder, meaning, default: otherwise }: Omit<OwnFlag, "takes">): Row {
  return [flagName(flag, placeholder), meaning, otherwise];
}

function variableRows(names: readonly SettingName[]): Row[] {
  return names.map(setting).flatMap(({ variable, flag, meaning, default: otherwise }): Row[] => {
    if (variable === undefined) return [];
    return [flag === undefined ? [variable, meaning, otherwise] : [variable, sameAs(flag)]];
  });
}

function sameAs(flag: string): Phrase {
  return { en: `Same as --${flag}`, zh: `与 --${flag} 相同` };
}

function ownFlagSections(): { readonly heading: Phrase; readonly rows: readonly Row[] }[] {
  return Object.entries(COMMANDS).flatMap(([command, { flags }]) =>
    flags === undefined ? [] : [{
      heading: { en: `Flags of ${command}`, zh: `${command} 的参数` },
      rows: Object.entries(flags).map(([flag, own]) => flagRow(flag, own)),
    }]
  );
}

function exitCodeRows(): Row[] {
  const kinds = Map.groupBy(Object.entries(EXIT_CODES), ([, code]) => code);
  return [...kinds].map(([code, entries]): Row => {
    const names = entries.map(([kind]) => kind);
    const meaning = MEANINGS[code] ?? verbatim("");
    return [String(code), {
      en: `${names.join(" or ")}: ${meaning.en}`,
      zh: `${names.join(" 或 ")}：${meaning.zh}`,
    }];
  });
}

function ownExitRows(command: string): Row[] {
  const { exits = {} } = commandNamed(command, COMMANDS) ?? {};
  return Object.entries(exits).map(([code, { en, zh }]): Row => [code, {
    en: `${command}: ${en}`,
    zh: `${command}：${zh}`,
  }]);
}

function flagName(flag: string, placeholder: string | undefined): string {
  return `--${flag}${placeholder === undefined ? "" : ` ${placeholder}`}`;
}

function rowIn(language: Language, [name, meaning, otherwise]: Row): string {
  const text = otherwise === undefined ? meaning[language] : `${meaning[language]} [${otherwise[language]}]`;
  const [first = "", ...rest] = wrapText(text, LINE_WIDTH - COLUMN);
  const shown = typeof name === "string" ? name : name[language];
  return [
    `${" ".repeat(INDENT)}${shown}${" ".repeat(COLUMN - INDENT - columnsOf(shown))}${first}`,
    ...rest.map((line) => " ".repeat(COLUMN) + line),
  ].join("\n");
}
