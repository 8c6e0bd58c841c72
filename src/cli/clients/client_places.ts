import type { ClientMachine } from "./mcp_client.ts";
import { inHome, inSettings, inXdgSettings, pathOf } from "./user_folders.ts";

/**
 * Claude Desktop's file. On Windows the program is a package mostly, which sees another folder in the place of
 * `%APPDATA%`: a file in the latter is never read.
 *
 * @see https://modelcontextprotocol.io/docs/develop/connect-local-servers
 * @see https://github.com/anthropics/claude-code/issues/26073
 */
export async function claudeDesktopPlace(machine: ClientMachine): Promise<string> {
  const file = ["Claude", "claude_desktop_config.json"] as const;
  const local = machine.env("LOCALAPPDATA");
  if (machine.os === "windows" && local !== undefined) {
    const { join } = pathOf(machine.os);
    const packages = join(local, "Packages");
    for (const name of await namesIn(packages)) {
      const roaming = join(packages, name, "LocalCache", "Roaming");
      if (name.startsWith("Claude_") && await isFolder(roaming)) return join(roaming, ...file);
    }
  }
  return inSettings(machine, ...file);
}

/** Claude Code's file of the user. @see https://code.claude.com/docs/en/mcp */
export function claudeCodePlace(machine: ClientMachine): Promise<string> {
  return placeIn(machine, "CLAUDE_CONFIG_DIR", [], ".claude.json");
}

/** Codex's file. @see https://developers.openai.com/codex/mcp */
export function codexPlace(machine: ClientMachine): Promise<string> {
  return placeIn(machine, "CODEX_HOME", [".codex"], "config.toml");
}

/** Cursor's file of the user. @see https://cursor.com/docs/context/mcp */
export function cursorPlace(machine: ClientMachine): Promise<string> {
  return Promise.resolve(inHome(machine, ".cursor", "mcp.json"));
}

/** VS Code's file of the default profile. @see https://code.visualstudio.com/docs/copilot/customization/mcp-servers */
export function vscodePlace(machine: ClientMachine): Promise<string> {
  return Promise.resolve(inSettings(machine, "Code", "User", "mcp.json"));
}

/** Trae's file of the user: that of its Chinese edition where this alone is there. @see https://docs.trae.ai/ide/model-context-protocol */
export async function traePlace(machine: ClientMachine): Promise<string> {
  const folders = ["Trae", "Trae CN"].map((name) => inSettings(machine, name));
  const [first = "", ...others] = folders;
  const there = await isFolder(first) ? first : await firstFolder(others) ?? first;
  return pathOf(machine.os).join(there, "User", "mcp.json");
}

/** Windsurf's file. @see https://docs.windsurf.com/windsurf/cascade/mcp */
export function windsurfPlace(machine: ClientMachine): Promise<string> {
  return Promise.resolve(inHome(machine, ".codeium", "windsurf", "mcp_config.json"));
}

/** Zed's settings. @see https://zed.dev/docs/configuring-zed */
export function zedPlace(machine: ClientMachine): Promise<string> {
  return Promise.resolve(
    machine.os === "windows"
      ? inSettings(machine, "Zed", "settings.json")
      : inXdgSettings(machine, "zed", "settings.json"),
  );
}

/** The file in the folder that `variable` names, else in one of the home directory. */
function placeIn(
  machine: ClientMachine,
  variable: string,
  folders: readonly string[],
  file: string,
): Promise<string> {
  const { isAbsolute, join } = pathOf(machine.os);
  const given = machine.env(variable);
  return Promise.resolve(
    given !== undefined && isAbsolute(given) ? join(given, file) : inHome(machine, ...folders, file),
  );
}

async function firstFolder(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isFolder(path)) return path;
  return undefined;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

async function namesIn(path: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(path)) names.push(name);
  } catch {
    // There is no such folder.
  }
  return names.toSorted();
}
