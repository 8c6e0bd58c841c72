import type { Launch } from "../launch/launch.ts";
import { TIMER_HOURS } from "./system_timer.ts";

/** The line of a crontab that runs the command from time to time. cron reads `%` as the end of a line. */
export function crontabLine({ command, args, env }: Pick<Launch, "command" | "args" | "env">): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`);
  const words = [...variables, ...[command, ...args].map(shellWord)].join(" ");
  return `17 */${TIMER_HOURS} * * * ${words.replaceAll("%", "\\%")}`;
}

/** A word as a POSIX shell reads it. */
export function shellWord(word: string): string {
  return /^[\w@+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
