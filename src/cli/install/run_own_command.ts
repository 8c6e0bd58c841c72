import { stripVTControlCharacters } from "node:util";
import type { Phrase } from "../../errors/language.ts";
import type { Platform } from "../../platform.ts";
import type { EntryCommand } from "../client_files/entry_format.ts";
import type { McpClient } from "../clients/mcp_client.ts";
import { toolEnvironment } from "../launch/tool_environment.ts";

/** VS Code's command starts all of VS Code, without its window. */
const OWN_COMMAND_MS = 60_000;

/** What to do with an entry: to add it, or to remove it where `entry` is absent. */
export interface OwnCommandTask {
  /** Name of the entry. */
  readonly name: string;
  /** The entry to add. */
  readonly entry?: EntryCommand;
  /** Whether there is one of that name. */
  readonly exists: boolean;
}

/**
 * Has a client's own command change its configuration.
 *
 * @returns the command, as it can be told; `undefined` where there is none, or it failed, which `warn` is told.
 */
export async function runOwnCommand(
  { own }: McpClient,
  { name, entry, exists }: OwnCommandTask,
  platform: Platform,
  warn: (line: Phrase) => void,
): Promise<string | undefined> {
  const file = own === undefined ? undefined : await platform.findTool(own.program);
  if (own === undefined || file === undefined) return undefined;
  const removal = own.remove?.(name);
  const calls = entry === undefined
    ? [removal]
    : [own.removesFirst && exists ? removal : undefined, own.add(name, entry)];
  const wanted = calls.filter((args) => args !== undefined);
  if (wanted.length === 0) return undefined;
  const env = toolEnvironment(platform);
  for (const args of wanted) {
    const shown = shownCall(own.program, args);
    const { code, stderr, stdout } = await platform.runTool({ file, args, env, deadlineMs: OWN_COMMAND_MS });
    if (code === 0) continue;
    const said = lastLine(stderr) || lastLine(stdout);
    warn({
      en: `${shown} failed (${code})${said === "" ? "" : `: ${said}`}`,
      zh: `${shown} 失败（${code}）${said === "" ? "" : `：${said}`}`,
    });
    return undefined;
  }
  return shownCall(own.program, wanted.at(-1) ?? []);
}

/** The words in front of the first that is particular to this call: `claude mcp add`, `code --add-mcp`. */
function shownCall(program: string, args: readonly string[]): string {
  return [program, ...args.slice(0, args[0] === "mcp" ? 2 : 1)].join(" ");
}

function lastLine(text: string): string {
  return stripVTControlCharacters(text).trim().split("\n").at(-1)?.trim() ?? "";
}
