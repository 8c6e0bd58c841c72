import type { EntryCommand } from "../client_files/entry_format.ts";
import type { OwnCommand } from "./mcp_client.ts";

/**
 * Claude Code's. It refuses a name that exists.
 *
 * @see https://code.claude.com/docs/en/mcp
 */
export const CLAUDE_COMMAND: OwnCommand = {
  program: "claude",
  add: (name, entry) => [
    ...["mcp", "add", "--scope", "user", "--transport", "stdio", name],
    ...variables("-e", entry),
    ...["--", entry.command, ...entry.args],
  ],
  remove: (name) => ["mcp", "remove", "--scope", "user", name],
  removesFirst: true,
};

/**
 * Codex's. It replaces an entry of that name with all of its fields.
 *
 * @see https://developers.openai.com/codex/mcp
 */
export const CODEX_COMMAND: OwnCommand = {
  program: "codex",
  add: (name, entry) => [
    ...["mcp", "add", name],
    ...variables("--env", entry),
    ...["--", entry.command, ...entry.args],
  ],
  remove: (name) => ["mcp", "remove", name],
};

/**
 * VS Code's, which adds to the default profile. There is none that removes.
 *
 * @see https://code.visualstudio.com/docs/copilot/customization/mcp-servers
 */
export const VSCODE_COMMAND: OwnCommand = {
  program: "code",
  add: (name, { command, args, env }) => [
    "--add-mcp",
    JSON.stringify({ name, type: "stdio", command, args, env }),
  ],
};

function variables(flag: string, { env }: EntryCommand): string[] {
  return Object.entries(env).flatMap(([name, value]) => [flag, `${name}=${value}`]);
}
