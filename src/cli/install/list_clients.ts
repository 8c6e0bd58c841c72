import { dirname } from "node:path";
import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { Platform } from "../../platform.ts";
import { MCP_CLIENTS } from "../clients/mcp_clients.ts";
import type { McpClient } from "../clients/mcp_client.ts";
import { columnsOf } from "../command_line/wrap_text.ts";
import type { ShellStage } from "../launch/with_shell.ts";
import { isOwnEntry } from "./is_own_entry.ts";
import { readEntries } from "./read_entries.ts";

const NOT_THERE: Phrase = { en: "(client not found)", zh: "（未找到该客户端）" };
const NOT_INSTALLED: Phrase = { en: "-", zh: "-" };

/** Prints every client: its name, the entries of this server in it, its file. */
export async function listClients({ platform, language }: ShellStage): Promise<number> {
  const rows = await Promise.all(MCP_CLIENTS.map(async (client): Promise<string[]> => {
    const { entries, place } = await stateOf(client, platform);
    return [client.name, entries[language], place[language]];
  }));
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ""))));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - columnsOf(cell)))
    );
    platform.stdout.write(`${cells.join("  ").trimEnd()}\n`);
  }
  return 0;
}

async function stateOf(client: McpClient, platform: Platform): Promise<{ entries: Phrase; place: Phrase }> {
  try {
    const path = await client.place(platform);
    const { entries, edit } = await readEntries(client, path, platform.os);
    const names = [...entries].filter(([name, entry]) => isOwnEntry(name, entry)).map(([name]) => name);
    const isThere = edit.before !== undefined || await isClientThere(client, path, platform);
    const state = isThere ? NOT_INSTALLED : NOT_THERE;
    return { entries: names.length > 0 ? verbatim(names.join(",")) : state, place: verbatim(path) };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { entries: verbatim("?"), place: error.line };
  }
}

async function isClientThere({ own }: McpClient, path: string, platform: Platform): Promise<boolean> {
  if (own !== undefined && await platform.findTool(own.program) !== undefined) return true;
  // Claude Code's file is in the home directory itself, which says nothing.
  const folder = dirname(path);
  if (folder === platform.env("HOME") || folder === platform.env("USERPROFILE")) return false;
  try {
    return (await Deno.stat(folder)).isDirectory;
  } catch {
    return false;
  }
}
