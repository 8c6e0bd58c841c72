import assert from "node:assert/strict";
import { MCP_CLIENTS } from "../../../src/cli/clients/mcp_clients.ts";
import type { ClientMachine } from "../../../src/cli/clients/mcp_client.ts";
import { StartError } from "../../../src/errors/start_error.ts";
import { TempFolder } from "../../support/temp_folder.ts";

function machine(os: ClientMachine["os"], variables: Readonly<Record<string, string>>): ClientMachine {
  return { os, env: (name) => variables[name] };
}

async function placesOn(on: ClientMachine): Promise<Record<string, string>> {
  return Object.fromEntries(
    await Promise.all(MCP_CLIENTS.map(async ({ name, place }) => [name, await place(on)] as const)),
  );
}

Deno.test("the clients have their files where their makers say, on Linux", async () => {
  assert.deepEqual(await placesOn(machine("linux", { HOME: "/no/小明" })), {
    "claude-desktop": "/no/小明/.config/Claude/claude_desktop_config.json",
    "claude-code": "/no/小明/.claude.json",
    cursor: "/no/小明/.cursor/mcp.json",
    vscode: "/no/小明/.config/Code/User/mcp.json",
    codex: "/no/小明/.codex/config.toml",
    trae: "/no/小明/.config/Trae/User/mcp.json",
    windsurf: "/no/小明/.codeium/windsurf/mcp_config.json",
    zed: "/no/小明/.config/zed/settings.json",
  });
});

Deno.test("the clients have their files where their makers say, on macOS", async () => {
  const support = "/no/ming/Library/Application Support";
  assert.deepEqual(await placesOn(machine("darwin", { HOME: "/no/ming", XDG_CONFIG_HOME: "/xdg" })), {
    "claude-desktop": `${support}/Claude/claude_desktop_config.json`,
    "claude-code": "/no/ming/.claude.json",
    cursor: "/no/ming/.cursor/mcp.json",
    vscode: `${support}/Code/User/mcp.json`,
    codex: "/no/ming/.codex/config.toml",
    trae: `${support}/Trae/User/mcp.json`,
    windsurf: "/no/ming/.codeium/windsurf/mcp_config.json",
    zed: "/no/ming/.config/zed/settings.json",
  });
});

Deno.test("the clients have their files where their makers say, on Windows", async () => {
  const home = "C:\\Users\\小 明";
  const env = {
    USERPROFILE: home,
    APPDATA: `${home}\\AppData\\Roaming`,
    LOCALAPPDATA: `${home}\\AppData\\Local`,
  };
  assert.deepEqual(await placesOn(machine("windows", env)), {
    "claude-desktop": `${env.APPDATA}\\Claude\\claude_desktop_config.json`,
    "claude-code": `${home}\\.claude.json`,
    cursor: `${home}\\.cursor\\mcp.json`,
    vscode: `${env.APPDATA}\\Code\\User\\mcp.json`,
    codex: `${home}\\.codex\\config.toml`,
    trae: `${env.APPDATA}\\Trae\\User\\mcp.json`,
    windsurf: `${home}\\.codeium\\windsurf\\mcp_config.json`,
    zed: `${env.APPDATA}\\Zed\\settings.json`,
  });
});

Deno.test("the variables of the clients name other places", async () => {
  const env = { HOME: "/no", XDG_CONFIG_HOME: "/xdg", CLAUDE_CONFIG_DIR: "/cc", CODEX_HOME: "/cx" };
  const places = await placesOn(machine("linux", env));
  assert.deepEqual(
    ["claude-code", "codex", "vscode", "zed"].map((name) => places[name]),
    ["/cc/.claude.json", "/cx/config.toml", "/xdg/Code/User/mcp.json", "/xdg/zed/settings.json"],
  );
});

Deno.test("Trae's Chinese edition is meant where it alone is there", async () => {
  await using home = await TempFolder.make();
  const on = machine("linux", { HOME: home.path });
  await Deno.mkdir(`${home.path}/.config/Trae CN`, { recursive: true });
  assert.equal((await placesOn(on)).trae, `${home.path}/.config/Trae CN/User/mcp.json`);
  await Deno.mkdir(`${home.path}/.config/Trae`);
  assert.equal((await placesOn(on)).trae, `${home.path}/.config/Trae/User/mcp.json`);
});

Deno.test("without a variable that names the home directory the place is refused", async () => {
  await assert.rejects(placesOn(machine("linux", { HOME: "relative" })), StartError);
});
