import { defined } from "../../defined.ts";
import { parseArgs } from "node:util";
import type { Phrase } from "../../errors/language.ts";
import { setting, type SettingName, settingNames } from "../../settings.ts";
import { commandNamed, type Commands, type OwnFlag } from "./command.ts";
import { SERVER_WORDS } from "./commands.ts";
import { strayFlags } from "./stray_flags.ts";
import { unknownFlag } from "./unknown_flag.ts";
import { wordProblems } from "./word_problems.ts";

/** What the command line says. */
export interface CommandLine {
  /** First word that is no flag; absent for the server, whether started by a word or without one. */
  readonly command?: string;
  /** Word behind the command. */
  readonly word?: string;
  /** The names behind that. */
  readonly names?: readonly string[];
  /** The command line of a program, behind `--`. */
  readonly program?: readonly string[];
  /** Values by setting; `true` for a switch. */
  readonly flags: Partial<Record<SettingName, string | true>>;
  /** Values of the command's own flags by their long name; `true` for a switch, and where none was given. */
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
  // Behind `--` nothing is a flag of ours.
  const end = args.indexOf("--");
  const behind = end < 0 ? undefined : args.slice(end + 1);
  const own = withHandlesTied(end < 0 ? args : args.slice(0, end), ownTakes);
  const { tokens } = parseArgs({
    args: takeOutLongFlagsWithOneDash(own, Object.keys(options), problems),
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
  /** The last flag whose value may follow, and the index of that. */
  let open: { readonly flag: string; readonly index: number } | undefined;
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (token.index === open?.index) ownFlags[open.flag] = token.value;
      // The word behind an unknown flag is its value, which may be a secret.
      else if (refused < 0 || token.index !== refused + 1) words.push(token.value);
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
        const mayFollow = takes === "optional" && token.value === undefined;
        if (mayFollow) open = { flag: token.name, index: token.index + 1 };
      }
    }
  }
  const isProgram = words[0] !== undefined && commandNamed(words[0], commands)?.takesProgram === true;
  const program = isProgram ? behind : undefined;
  if (!isProgram) words.push(...behind ?? []);
  const [command, ...rest] = words;
  const [word, ...names] = rest;
  const help = switches.has("help") || command === "help";
  problems.push(...wordProblems({ command, rest, help, program }, commands));
  problems.push(...strayFlags({ ...defined({ command, word }), flags, ownFlags }, commands));
  const topic = help ? command === "help" ? word : command : undefined;
  const isServer = command !== undefined && SERVER_WORDS.includes(command);
  return {
    ...(command === undefined || isServer ? {} : { command }),
    ...(word === undefined || isServer ? {} : { word }),
    ...(names.length === 0 ? {} : { names }),
    flags,
    ownFlags,
    help,
    ...defined({ topic, program }),
    version: switches.has("version") || command === "version",
    problems,
  };
}

/**
 * Ties a value that may be left out to its flag where it begins with a hyphen, as a random handle may. It is far longer
 * than what somebody types who has given a flag one hyphen too few.
 */
function withHandlesTied(args: readonly string[], ownTakes: ReadonlyMap<string, Takes>): string[] {
  const tied: string[] = [];
  for (const argument of args) {
    const before = tied.at(-1);
    const mayTake = before?.startsWith("--") && ownTakes.get(before.slice(2)) === "optional";
    if (mayTake && /^-\w[\w-]{14,}$/.test(argument)) tied[tied.length - 1] = `${before}=${argument}`;
    else tied.push(argument);
  }
  return tied;
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
  if (takes === "optional" && token.value !== "") return undefined;
  // Where the value was forgotten, parseArgs takes the next flag for it.
  const isForgotten = token.value === undefined || takes === "optional" ||
    (token.inlineValue !== true && /^-(-|[A-Za-z])/.test(token.value));
  return isForgotten ? { en: `--${flag} needs a value`, zh: `--${flag} 需要一个值` } : undefined;
}

function ownFlagsOf(commands: Commands): ReadonlyMap<string, Takes> {
  return new Map(
    Object.values(commands).flatMap(({ flags = {} }) => Object.entries(flags))
      .map(([flag, { takes }]) => [flag, takes]),
  );
}

function parsedType(takes: Takes): "boolean" | "string" {
  return takes === "text" ? "string" : "boolean";
}
