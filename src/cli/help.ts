import { setting, settingNames } from "../settings.ts";
import { VERSION } from "../version.ts";

const INDENT = 2;
/** Where meanings begin: behind the longest name, with a gap. */
const COLUMN = 30;
/** Texts are wrapped here, so that a terminal of 100 columns does not break words. */
const LINE_WIDTH = 98;

/** The text of `--help`. */
export function helpText(): string {
  const settings = settingNames().map(setting);
  const flags = settings.flatMap(({ flag, placeholder, meaning, default: otherwise }) =>
    flag === undefined
      ? []
      : [row(`--${flag}${placeholder === undefined ? "" : ` ${placeholder}`}`, meaning, otherwise)]
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
    "",
    "Commands",
    row("(none)", "Serve MCP at http://127.0.0.1:8081/mcp, or on stdio with --stdio"),
    row("sandbox", "Run a simulated Feishu alone", "port 8082"),
    row("demo", "Show all of it against a simulated Feishu, and check each step"),
    row("playground", "Try the tools in a browser, on MCP Inspector's page", "port 6274"),
    "",
    "Flags [and what counts without them]",
    ...flags,
    row("-h, --help", "Show this"),
    row("-V, --version", "Show the version"),
    "",
    "Environment variables (flags count more, an env file less)",
    ...variables,
    "",
  ].join("\n");
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
