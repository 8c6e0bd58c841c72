import { setting, settingNames } from "../settings.ts";
import { VERSION } from "../version.ts";
import { COMMANDS } from "./commands.ts";
import { EXIT_CODES } from "./token_exit_codes.ts";

const INDENT = 2;
/** Where meanings begin: behind the longest name, with a gap. */
const COLUMN = 36;
/** Texts are wrapped here, so that a terminal of 100 columns does not break words. */
const LINE_WIDTH = 98;

/** What each exit code of a failure means for whoever called. */
const MEANINGS: Readonly<Record<number, string>> = {
  1: "a fault of the program; for doctor: something fails",
  2: "the command line or a setting cannot be read; for the server also: it cannot start",
  3: "the app's credentials or settings have to be mended",
  4: "the user has to authorize the app again",
  5: "it passes by itself: try again later",
  6: "nobody can tell what Feishu did: read the message",
  7: "the token store has to be mended",
};

/** The text of `--help`. */
export function helpText(): string {
  const settings = settingNames().map(setting);
  const flags = settings.flatMap(({ flag, placeholder, meaning, default: otherwise }) =>
    flag === undefined ? [] : [flagRow(flag, placeholder, meaning, otherwise)]
  );
  const variables = settings.flatMap(({ variable, flag, meaning, default: otherwise }) =>
    variable === undefined ? [] : [
      flag === undefined ? row(variable, meaning, otherwise) : row(variable, `Same as --${flag}`),
    ]
  );
  return [
    `feishu-token-mcp ${VERSION}: Feishu and Lark access tokens for AI agents, over MCP`,
    "",
    "Usage: feishu-token-mcp [flags]",
    "       feishu-token-mcp sandbox [--port N]",
    "       feishu-token-mcp demo",
    "       feishu-token-mcp playground [--port N]",
    "       feishu-token-mcp doctor [--json] [--refresh-token-stdin] [flags]",
    "       feishu-token-mcp token app [--min-ttl SECONDS] [--format FORMAT]",
    "       feishu-token-mcp token refresh [--format FORMAT] < FILE",
    "",
    "Commands",
    row("(none)", "Serve MCP at http://127.0.0.1:8081/mcp, or on stdio with --stdio"),
    row("sandbox", "Run a simulated Feishu alone", "port 8082"),
    row("demo", "Show all of it against a simulated Feishu, and check each step"),
    row("playground", "Try the tools in a browser, on MCP Inspector's page", "port 6274"),
    row("doctor", "Look at everything between you and a token, and say what to mend"),
    row("token app", "Print the app's token"),
    row("token refresh", "Print the user's token for the refresh token on standard input"),
    "",
    "Flags [and what counts without them]",
    ...flags,
    row("-h, --help", "Show this"),
    row("-V, --version", "Show the version"),
    "",
    ...ownFlagRows(),
    "Environment variables (flags count more, an env file less)",
    ...variables,
    "",
    "Exit codes",
    ...exitCodeRows(),
    "",
  ].join("\n");
}

function ownFlagRows(): string[] {
  return Object.entries(COMMANDS).flatMap(([command, { flags }]) =>
    flags === undefined ? [] : [
      `Flags of ${command}`,
      ...Object.entries(flags).map(([flag, own]) => flagRow(flag, own.placeholder, own.meaning, own.default)),
      "",
    ]
  );
}

function exitCodeRows(): string[] {
  const kinds = Map.groupBy(Object.entries(EXIT_CODES), ([, code]) => code);
  const rows = [...kinds].map(([code, entries]) =>
    row(String(code), `${entries.map(([kind]) => kind).join(" or ")}: ${MEANINGS[code] ?? ""}`)
  );
  return [row("0", "Success, or ended by a signal; for doctor: nothing fails"), ...rows];
}

function flagRow(flag: string, placeholder: string | undefined, meaning: string, otherwise?: string): string {
  return row(`--${flag}${placeholder === undefined ? "" : ` ${placeholder}`}`, meaning, otherwise);
}

function row(name: string, meaning: string, otherwise?: string): string {
  const text = otherwise === undefined ? meaning : `${meaning} [${otherwise}]`;
  const [first = "", ...rest] = wrapped(text, LINE_WIDTH - COLUMN);
  return [
    `${" ".repeat(INDENT)}${name.padEnd(COLUMN - INDENT)}${first}`,
    ...rest.map((line) => " ".repeat(COLUMN) + line),
  ].join("\n");
}

/** `text` in lines of at most `width` characters, broken at blanks. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > width && line !== "") {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
