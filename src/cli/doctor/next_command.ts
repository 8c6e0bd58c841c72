import type { Phrase } from "../../errors/language.ts";
import { setting, type SettingName, settingNames } from "../../settings.ts";
import type { CommandLine } from "../command_line/read_command_line.ts";
import { shownCommand } from "../command_line/shown_command.ts";

/** What to type next. */
export interface NextCommand {
  /** Ends with a colon. */
  readonly why: Phrase;
  /** The command line. */
  readonly command: string;
}

const AGAIN: Phrase = { en: "When that is fixed, check again:", zh: "解决后请重新检查：" };
const START: Phrase = { en: "Next, start the server:", zh: "接下来启动服务：" };
/** Words that a shell takes as they are. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** The same check where one failed; else the start of the server, with the flags that were checked. */
export function nextCommand(flags: CommandLine["flags"], hasFailed: boolean): NextCommand {
  const words = settingNames().flatMap((name) => wordsOf(name, flags[name]));
  return hasFailed
    ? { why: AGAIN, command: shownCommand(["doctor", ...words]) }
    : { why: START, command: shownCommand(["start", ...words]) };
}

function wordsOf(name: SettingName, value: string | true | undefined): string[] {
  const { flag } = setting(name);
  if (flag === undefined || value === undefined) return [];
  return value === true ? [`--${flag}`] : [`--${flag}`, mayHoldSecret(value) ? "…" : quoted(value)];
}

/** A URL may hold a password in front of its host, or a key in its query. */
function mayHoldSecret(value: string): boolean {
  const url = /^https?:/i.test(value) ? URL.parse(value) : undefined;
  return url === null ||
    (url !== undefined && (url.username || url.password || url.search || url.hash) !== "");
}

function quoted(value: string): string {
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
