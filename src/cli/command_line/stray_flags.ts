import type { Phrase } from "../../errors/language.ts";
import { setting, type SettingName, settingNames } from "../../settings.ts";
import { type Command, commandNamed, type Commands } from "./command.ts";
import { variableNamedLike } from "./variable_named_like.ts";
import { SERVER_WORDS } from "./commands.ts";

/** The command line, as far as flags are judged by it. */
export interface GivenFlags {
  /** First word; absent for the server. */
  readonly command?: string;
  /** Word behind the command. */
  readonly word?: string;
  /** Values by setting. */
  readonly flags: Partial<Record<SettingName, string | true>>;
  /** Values of the flags of commands by their long name. */
  readonly ownFlags: Readonly<Record<string, string | true>>;
}

/** What is wrong with flags that are none of the command's, or none of its word's. */
export function strayFlags(
  { command, word, flags, ownFlags }: GivenFlags,
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
  const ofOtherWords = Object.keys(ownFlags).filter((flag) => isOfOtherWord(known, flag, word));
  return [
    ...stray.map((flag) => notOf(flag, owner(command, undefined), settings)),
    ...ofOtherWords.map((flag) => notOf(flag, owner(command, word))),
  ];
}

/** Where the word itself is missing or wrong, that is the one problem. */
function isOfOtherWord(command: Command | undefined, flag: string, word = ""): boolean {
  const { words = [], isWordOptional, flags = {} } = command ?? {};
  const isWordGood = word === "" ? isWordOptional === true : words.includes(word);
  return isWordGood && flags[flag]?.words?.includes(word) === false;
}

function owner(command: string | undefined, word: string | undefined): Phrase {
  if (command === undefined || SERVER_WORDS.includes(command)) return { en: "the server", zh: "服务" };
  const name = word === undefined ? command : `${command} ${word}`;
  return { en: `the command ${name}`, zh: `命令 ${name} ` };
}

const EMBEDDED_SANDBOX_FLAG = setting("sandbox").flag;
/** A sandbox of its own would end with the command, and all that was done at it. */
const LASTING_SANDBOX: Phrase = {
  en: ": use --sandbox-url URL, of `feishu-token-mcp sandbox`, or --sandbox-state FILE",
  zh: "：请使用 --sandbox-url URL（由 `feishu-token-mcp sandbox` 启动），或 --sandbox-state FILE",
};

function notOf(flag = "", { en, zh }: Phrase, settings: readonly SettingName[] = []): Phrase {
  const hint = flag === EMBEDDED_SANDBOX_FLAG && settings.includes("sandboxUrl")
    ? LASTING_SANDBOX
    : hintOn(flag);
  return { en: `--${flag} is not a flag of ${en}${hint.en}`, zh: `--${flag} 不是${zh}的参数${hint.zh}` };
}

function hintOn(flag: string): Phrase {
  // Of settings without a flag; those with one are flags of other commands.
  const isSetting = settingNames().some((name) => setting(name).flag === flag);
  const variable = isSetting ? undefined : variableNamedLike(flag);
  return variable === undefined
    ? { en: "", zh: "" }
    : { en: `: set ${variable} instead`, zh: `：请改为设置环境变量 ${variable}` };
}
