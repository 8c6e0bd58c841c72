import type { Launch } from "../launch/launch.ts";
import { TIMER_HOURS } from "./system_timer.ts";
import { xmlText } from "./xml_text.ts";

/** Label of the agent, and name of its file. */
export const LAUNCHD_LABEL = "feishu-token-mcp.keep";

const SECONDS_PER_HOUR = 3_600;

/**
 * The agent that runs the command from time to time, and once when it is loaded.
 *
 * @param logPath what the command writes goes there.
 */
export function launchdPlist(
  { command, args, env }: Pick<Launch, "command" | "args" | "env">,
  logPath: string,
): string {
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">`,
    `<plist version="1.0">`,
    "<dict>",
    ...entry("Label", string(LAUNCHD_LABEL)),
    ...entry(
      "ProgramArguments",
      "<array>",
      `  ${programArguments([command, ...args])}`,
      "</array>",
    ),
    ...entry(
      "EnvironmentVariables",
      "<dict>",
      ...Object.entries(env).flatMap((
        [name, value],
      ) => [`  <key>${xmlText(name)}</key>`, `  ${string(value)}`]),
      "</dict>",
    ),
    ...entry("StartInterval", `<integer>${TIMER_HOURS * SECONDS_PER_HOUR}</integer>`),
    ...entry("RunAtLoad", "<true/>"),
    ...entry("ProcessType", string("Background")),
    ...entry("StandardOutPath", string(logPath)),
    ...entry("StandardErrorPath", string(logPath)),
    "</dict>",
    "</plist>",
    "",
  ].join("\n");
}

/** Words as they stand in the command line of the agent. */
export function programArguments(words: readonly string[]): string {
  return words.map(string).join("\n    ");
}

function entry(key: string, ...lines: readonly string[]): string[] {
  return [`  <key>${key}</key>`, ...lines.map((line) => `  ${line}`)];
}

function string(text: string): string {
  return `<string>${xmlText(text)}</string>`;
}
