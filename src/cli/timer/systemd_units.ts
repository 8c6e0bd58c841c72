import type { Launch } from "../launch/launch.ts";
import { TIMER_HOURS } from "./system_timer.ts";

/** Name of both units, without their ending. */
export const SYSTEMD_UNIT = "feishu-token-mcp-keep";

/** The service that runs the command once. @see https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html */
export function systemdService({ command, args, env }: Pick<Launch, "command" | "args" | "env">): string {
  return [
    "[Unit]",
    "Description=Renew the Feishu logins that are due (feishu-token-mcp keep)",
    "",
    "[Service]",
    "Type=oneshot",
    `ExecStart=${execWords([command, ...args])}`,
    ...Object.entries(env).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    "TimeoutStartSec=5min",
    "",
  ].join("\n");
}

/** Words as they stand in the command line of the service. */
export function execWords(words: readonly string[]): string {
  return words.map((word) => quoted(word).replaceAll("$", "$$$$")).join(" ");
}

/** The timer that starts it. What was missed while the machine was off is made up for. */
export function systemdTimerUnit(): string {
  return [
    "[Unit]",
    "Description=Renew the Feishu logins that are due, from time to time",
    "",
    "[Timer]",
    `OnCalendar=*-*-* 00/${TIMER_HOURS}:00:00`,
    "RandomizedDelaySec=15min",
    "Persistent=true",
    "",
    "[Install]",
    "WantedBy=timers.target",
    "",
  ].join("\n");
}

/** A word as systemd reads it: with its escapes, and no specifier such as `%h`. */
function quoted(word: string): string {
  const escaped = word.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%")
    .replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return `"${escaped}"`;
}
