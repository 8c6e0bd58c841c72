import type { Phrase } from "../../errors/language.ts";
import type { EntryCommand, EntryFields } from "../client_files/entry_format.ts";
import { jsonFormat, jsonSnippet } from "../client_files/json_format.ts";
import { tomlFormat, tomlSnippet } from "../client_files/toml_format.ts";
import {
  claudeCodePlace,
  claudeDesktopPlace,
  codexPlace,
  cursorPlace,
  traePlace,
  vscodePlace,
  windsurfPlace,
  zedPlace,
} from "./client_places.ts";
import type { McpClient } from "./mcp_client.ts";
import { CLAUDE_COMMAND, CODEX_COMMAND, VSCODE_COMMAND } from "./own_commands.ts";

/** Every client that `install` knows, in the order in which they are listed. */
export const MCP_CLIENTS: readonly McpClient[] = [
  {
    name: "claude-desktop",
    title: "Claude Desktop",
    ...inJson("mcpServers", bare),
    place: claudeDesktopPlace,
    afterwards: restart("Claude Desktop"),
  },
  {
    name: "claude-code",
    title: "Claude Code",
    ...inJson("mcpServers", typed),
    place: claudeCodePlace,
    own: CLAUDE_COMMAND,
    afterwards: newSession("Claude Code"),
  },
  {
    name: "cursor",
    title: "Cursor",
    ...inJson("mcpServers", typed),
    place: cursorPlace,
    afterwards: switchOn("Cursor", "Settings → MCP"),
  },
  {
    name: "vscode",
    title: "VS Code",
    ...inJson("servers", typed),
    place: vscodePlace,
    own: VSCODE_COMMAND,
    afterwards: switchOn("VS Code", "MCP: List Servers"),
  },
  {
    name: "codex",
    title: "Codex",
    format: tomlFormat("mcp_servers"),
    snippet: (name, fields) => tomlSnippet("mcp_servers", name, fields),
    fields: bare,
    place: codexPlace,
    own: CODEX_COMMAND,
    afterwards: newSession("Codex"),
  },
  {
    name: "trae",
    title: "Trae",
    ...inJson("mcpServers", bare),
    place: traePlace,
    afterwards: switchOn("Trae", "Settings → MCP"),
  },
  {
    name: "windsurf",
    title: "Windsurf",
    ...inJson("mcpServers", bare),
    place: windsurfPlace,
    afterwards: switchOn("Windsurf", "Cascade → MCP servers"),
  },
  {
    name: "zed",
    title: "Zed",
    // Versions before 2026 need `source`; later ones pass over it.
    ...inJson("context_servers", (entry) => ({ source: "custom", ...bare(entry) })),
    place: zedPlace,
    afterwards: { en: "Zed starts it at once.", zh: "Zed 会立即启动它。" },
  },
];

function inJson(
  section: string,
  fields: McpClient["fields"],
): Pick<McpClient, "format" | "snippet" | "fields"> {
  return {
    format: jsonFormat(section),
    snippet: (name, entry) => jsonSnippet(section, name, entry),
    fields,
  };
}

function bare({ command, args, env }: EntryCommand): EntryFields {
  return { command, args: [...args], env: { ...env } };
}

function typed(entry: EntryCommand): EntryFields {
  return { type: "stdio", ...bare(entry) };
}

function restart(title: string): Phrase {
  return { en: `Quit ${title} and start it again.`, zh: `请退出并重新启动 ${title}。` };
}

function newSession(title: string): Phrase {
  return {
    en: `Its next session has the tools: start ${title} anew.`,
    zh: `请重新启动 ${title}，新会话即可使用这些工具。`,
  };
}

function switchOn(title: string, page: string): Phrase {
  return {
    en: `Where ${title} does not show it, switch it on there (${page}) or restart ${title}.`,
    zh: `如果 ${title} 中没有显示，请在 ${page} 中启用，或重新启动 ${title}。`,
  };
}
