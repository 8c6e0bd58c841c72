import type { Launch } from "../launch/launch.ts";
import { TIMER_HOURS } from "./system_timer.ts";
import { xmlText } from "./xml_text.ts";

/** Name of the task. */
export const WINDOWS_TASK = "feishu-token-mcp-keep";

/**
 * The task that runs the command from time to time while its user is logged in. What was missed is made up for.
 *
 * @see https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema
 */
export function windowsTask({ command, args }: Pick<Launch, "command" | "args">): string {
  return [
    `<?xml version="1.0" encoding="UTF-16"?>`,
    `<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">`,
    "  <RegistrationInfo><Description>Renews the Feishu logins that are due</Description></RegistrationInfo>",
    "  <Triggers>",
    "    <TimeTrigger>",
    `      <Repetition><Interval>PT${TIMER_HOURS}H</Interval><StopAtDurationEnd>false</StopAtDurationEnd></Repetition>`,
    "      <StartBoundary>2026-01-01T00:17:00</StartBoundary>",
    "      <Enabled>true</Enabled>",
    "    </TimeTrigger>",
    "  </Triggers>",
    `  <Principals><Principal id="Author"><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>`,
    "  <Settings>",
    "    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
    "    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>",
    "    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>",
    "    <StartWhenAvailable>true</StartWhenAvailable>",
    "    <ExecutionTimeLimit>PT10M</ExecutionTimeLimit>",
    "  </Settings>",
    `  <Actions Context="Author">`,
    "    <Exec>",
    `      <Command>${xmlText(command)}</Command>`,
    `      <Arguments>${xmlText(args.map(windowsArgument).join(" "))}</Arguments>`,
    "    </Exec>",
    "  </Actions>",
    "</Task>",
    "",
  ].join("\r\n");
}

/**
 * A word of a command line as programs on Windows read it.
 *
 * @see https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
export function windowsArgument(word: string): string {
  if (word !== "" && !/[\s"]/.test(word)) return word;
  // Backslashes count only in front of a quotation mark.
  const escaped = word.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1");
  return `"${escaped}"`;
}
