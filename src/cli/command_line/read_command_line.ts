import { defined } from "../../defined.ts";
import { parseArgs } from "node:util";
import type { Phrase } from "../../errors/language.ts";
import { setting, type SettingName, settingNames } from "../../settings.ts";
import { commandNamed, type Commands, type OwnFlag, SERVER_WORDS } from "./commands.ts";
import { unknownFlag } from "./unknown_flag.ts";
import { wordProblems } from "./word_problems.ts";

/** What the command line says. */
export interface CommandLine {
  /** First word that is no flag; absent for the server, whether started by a word or without one. */
  readonly command?: string;
  /** Word behind the command. */
  readonly word?: string;
  /** Values by setting; `true` for a switch. */
  readonly flags: Partial<Record<SettingName, string | true>>;
  /** Values of the command's own flags by their long name; `true` for a switch. */
  readonly ownFlags: Readonly<Record<string, string | true>>;
  /** Whether `--help` or `help` was given. */
  readonly help: boolean;
  /** Command whose help is asked for; absent for that of the whole program. */
  readonly topic?: string;
  /** Whether `--version` or `version` was given. */
  readonly version: boolean;
  /** What could not be read, one line each. Never holds a value. */
  readonly problems: readonly Phrase[];
}

type Takes = OwnFlag["takes"];

const HELP = { type: "boolean", short: "h" } as const;
const VERSION_OPTION = { type: "boolean", short: "V" } as const;

/** Reads the command line and collects every problem. Nothing is guessed. */
export function readCommandLine(args: readonly string[], commands: Commands): CommandLine {
  const byFlag = new Map<string, SettingName>();
  const options: Record<string, { type: "string" | "boolean"; short?: string }> = {
    help: HELP,
    version: VERSION_OPTION,
  };
  for (const name of settingNames()) {
    const { flag, takes } = setting(name);
    if (flag === undefined) continue;
    byFlag.set(flag, name);
    options[flag] = { type: parsedType(takes) };
  }
  const ownTakes = ownFlagsOf(commands);
  for (const [flag, takes] of ownTakes) options[flag] = { type: parsedType(takes) };
  const problems: Phrase[] = [];
  const known = takeOutLongFlagsWithOneDash(args, Object.keys(options), problems);
  const { tokens } = parseArgs({
    args: known,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const flags: Partial<Record<SettingName, string | true>> = {};
  const ownFlags: Record<string, string | true> = {};
  const words: string[] = [];
  const switches = new Set<string>();
  /** Index of the last argument that was refused as a flag. */
  let refused = -1;
  for (const token of tokens) {
    if (token.kind === "positional") {
      // The word behind an unknown flag is its value, which may be a secret.
      if (refused < 0 || token.index !== refused + 1) words.push(token.value);
    } else if (token.kind === "option" && token.index !== refused) {
      const name = byFlag.get(token.name);
      const takes = name === undefined ? ownTakes.get(token.name) : setting(name).takes;
      if (token.name === "help" || token.name === "version") {
        switches.add(token.name);
      } else if (takes === undefined) {
        refused = token.index;
        problems.push(unknownFlag(token.rawName, Object.keys(options)));
      } else {
        const problem = valueProblem(token.name, takes, token);
        if (problem !== undefined) problems.push(problem);
        else if (name === undefined) ownFlags[token.name] = token.value ?? true;
        else flags[name] = token.value ?? true;
      }
    }
  }
  const [command, ...rest] = words;
  const help = switches.has("help") || command === "help";
  problems.push(...wordProblems({ command, rest, help }, commands));
  problems.push(...strayFlags(command, flags, ownFlags, commands));
  const [word] = rest;
  const topic = help ? command === "help" ? word : command : undefined;
  const isServer = command !== undefined && SERVER_WORDS.includes(command);
  return {
    ...(command === undefined || isServer ? {} : { command }),
    ...(word === undefined || isServer ? {} : { word }),
    flags,
    ownFlags,
    help,
    ...defined({ topic }),
    version: switches.has("version") || command === "version",
    problems,
  };
}

/**
 * `parseArgs` would read `-port 0` as the flags -p -o -r -t and a word. The value is removed too: it may be a secret.
 */
function takeOutLongFlagsWithOneDash(
  args: readonly string[],
  known: readonly string[],
  problems: Phrase[],
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

function valueProblem(
  flag: string,
  takes: Takes,
  token: { readonly value?: string | undefined; readonly inlineValue?: boolean | undefined },
): Phrase | undefined {
  if (takes === "switch") {
    return token.value === undefined ? undefined : { en: `--${flag} takes no value`, zh: `--${flag} 不带值` };
  }
  // Where the value was forgotten, parseArgs takes the next flag for it.
  const isForgotten = token.value === undefined ||
    (token.inlineValue !== true && /^-(-|[A-Za-z])/.test(token.value));
  return isForgotten ? { en: `--${flag} needs a value`, zh: `--${flag} 需要一个值` } : undefined;
}

function strayFlags(
  command: string | undefined,
  flags: CommandLine["flags"],
  ownFlags: CommandLine["ownFlags"],
  commands: Commands,
): Phrase[] {
  const known = command === undefined ? undefined : commandNamed(command, commands);
  // An unknown command is one problem, not one more for each of its flags.
  if (command !== undefined && known === undefined) return [];
  const settings = known?.settings ?? settingNames();
  const stray = [
    ...settingNames().filter((name) => flags[name] !== undefined && !settings.includes(name))
      .map((name) => setting(name).flag),
    ...Object.keys(ownFlags).filter((flag) => known?.flags?.[flag] === undefined),
  ];
  const owner: Phrase = command === undefined || SERVER_WORDS.includes(command)
    ? { en: "the server", zh: "服务" }
    : { en: `the command ${command}`, zh: `命令 ${command} ` };
  return stray.map((flag) => ({
    en: `--${flag} is not a flag of ${owner.en}`,
    zh: `--${flag} 不是${owner.zh}的参数`,
  }));
}

function ownFlagsOf(commands: Commands): ReadonlyMap<string, Takes> {
  return new Map(
    Object.values(commands).flatMap(({ flags = {} }) => Object.entries(flags))
      .map(([flag, { takes }]) => [flag, takes]),
  );
}

function parsedType(takes: Takes): "boolean" | "string" {
  return takes === "switch" ? "boolean" : "string";
}
