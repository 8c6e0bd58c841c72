import type { Phrase } from "../../errors/language.ts";
import type { CommandLine } from "../command_line/read_command_line.ts";
import { givenFlags } from "../command_line/given_flags.ts";
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

/** The same check where one failed; else the start of the server, with the flags that were checked. */
export function nextCommand(flags: CommandLine["flags"], hasFailed: boolean): NextCommand {
  const words = givenFlags(flags);
  return hasFailed
    ? { why: AGAIN, command: shownCommand(["doctor", ...words]) }
    : { why: START, command: shownCommand(["start", ...words]) };
}
