import { parseArgs } from "node:util";
import { setting, type SettingName, settingNames } from "../settings.ts";
import { nearest } from "./nearest.ts";

/** The command line, read. */
export interface CommandLine {
  /** First word that is no flag; absent for the server itself. */
  readonly command?: string;
  /** By setting; `true` for a switch. */
  readonly flags: Partial<Record<SettingName, string | true>>;
  /** `--help` was given. */
  readonly help: boolean;
  /** `--version` was given. */
  readonly version: boolean;
  /** Everything that could not be read, one line each. Values are never repeated. */
  readonly problems: readonly string[];
}

/** Each command, and the flags it takes. */
export type CommandFlags = Readonly<Record<string, readonly SettingName[]>>;

const HELP = { type: "boolean", short: "h" } as const;
const VERSION = { type: "boolean", short: "V" } as const;

/** Reads the command line. Every problem is collected; nothing is guessed. */
export function readCommandLine(args: readonly string[], commands: CommandFlags): CommandLine {
  const byFlag = new Map<string, SettingName>();
  const options: Record<string, { type: "string" | "boolean"; short?: string }> = {
    help: HELP,
    version: VERSION,
  };
  for (const name of settingNames()) {
    const { flag, takes } = setting(name);
    if (flag === undefined) continue;
    byFlag.set(flag, name);
    options[flag] = { type: takes === "switch" ? "boolean" : "string" };
  }
  const problems: string[] = [];
  const known = takeOutLongFlagsWithOneDash(args, Object.keys(options), problems);
  const { tokens } = parseArgs({
    args: known,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const flags: Partial<Record<SettingName, string | true>> = {};
  const words: string[] = [];
  const switches = new Set<string>();
  /** Index of an argument that was refused as a flag. */
  let refused = -1;
  for (const token of tokens) {
    if (token.kind === "positional") {
      // Behind a flag that does not exist stands its value, which may be a secret.
      if (refused < 0 || token.index !== refused + 1) words.push(token.value);
    } else if (token.kind === "option" && token.index !== refused) {
      const name = byFlag.get(token.name);
      if (token.name === "help" || token.name === "version") {
        switches.add(token.name);
      } else if (name === undefined) {
        refused = token.index;
        problems.push(unknownFlag(token.rawName, Object.keys(options)));
      } else {
        const problem = valueProblem(token.name, name, token);
        if (problem === undefined) flags[name] = token.value ?? true;
        else problems.push(problem);
      }
    }
  }
  const [command, ...rest] = words;
  problems.push(...wordProblems(command, rest, commands));
  problems.push(...strayFlags(command, flags, commands));
  return {
    ...(command === undefined ? {} : { command }),
    flags,
    help: switches.has("help"),
    version: switches.has("version"),
    problems,
  };
}

/** `-port 0` would be read as the five flags -p -o -r -t and a word. Its value is taken out with it: it may be a secret. */
function takeOutLongFlagsWithOneDash(
  args: readonly string[],
  known: readonly string[],
  problems: string[],
): string[] {
  const rest: string[] = [];
  let isValue = false;
  for (const argument of args) {
    const isLong = /^-[A-Za-z]{2}/.test(argument) && !/^-[hV]+$/.test(argument);
    if (isLong) problems.push(unknownFlag(argument, known));
    else if (!isValue || argument.startsWith("-")) rest.push(argument);
    isValue = isLong && !argument.includes("=");
  }
  return rest;
}

function unknownFlag(argument: string, known: readonly string[]): string {
  const [written = argument] = argument.split("=", 1);
  const bare = written.replace(/^-+/, "");
  const variable = variableNamedLike(bare);
  if (variable === setting("appSecret").variable || /secret|token-key/i.test(bare)) {
    return `${
      shown(written)
    } is not a flag: secrets come from the environment or a file, never from the command line`;
  }
  if (variable !== undefined) return `${shown(written)} is not a flag: set ${variable} instead`;
  const near = nearest(bare, known);
  const hint = near === undefined ? "" : `did you mean --${near}? `;
  return `Unknown flag ${shown(written)}: ${hint}--help lists them all`;
}

/** The variable of the setting that has no flag but could have had this one. */
function variableNamedLike(bare: string): string | undefined {
  const name = bare.replaceAll("-", "_").toUpperCase();
  return settingNames().map(setting)
    .find(({ flag, variable }) => flag === undefined && variable?.replace(/^FEISHU_(TOKEN_)?/, "") === name)
    ?.variable;
}

function valueProblem(
  flag: string,
  name: SettingName,
  token: { readonly value?: string | undefined; readonly inlineValue?: boolean | undefined },
): string | undefined {
  const { takes } = setting(name);
  if (takes === "switch") return token.value === undefined ? undefined : `--${flag} takes no value`;
  // parseArgs gives the next argument even if that is a flag: then the value was forgotten.
  const isForgotten = token.value === undefined ||
    (token.inlineValue !== true && /^-(-|[A-Za-z])/.test(token.value));
  return isForgotten ? `--${flag} needs a value` : undefined;
}

function wordProblems(
  command: string | undefined,
  rest: readonly string[],
  commands: CommandFlags,
): string[] {
  const problems: string[] = [];
  if (command !== undefined && !Object.hasOwn(commands, command)) {
    const near = nearest(command, Object.keys(commands));
    const hint = near === undefined ? "" : `did you mean ${near}? `;
    problems.push(`Unknown command ${shown(command)}: ${hint}--help lists them all`);
  }
  const [second] = rest;
  if (second !== undefined) problems.push(`Unexpected word ${shown(second)}: give one command at most`);
  return problems;
}

function strayFlags(
  command: string | undefined,
  flags: CommandLine["flags"],
  commands: CommandFlags,
): string[] {
  if (command === undefined || !Object.hasOwn(commands, command)) return [];
  const taken = commands[command] ?? [];
  return settingNames()
    .filter((name) => flags[name] !== undefined && !taken.includes(name))
    .map((name) => `--${setting(name).flag} is not a flag of the command ${command}`);
}

/** What stands in the wrong place may be a secret: it is shown only if it looks like a word. */
function shown(text: string): string {
  return /^-{0,2}([A-Za-z-]{1,24}|[A-Za-z0-9_-]{1,8})$/.test(text) ? text : "(not shown)";
}
