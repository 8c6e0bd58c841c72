import { posix, win32 } from "node:path";
import type { Platform } from "../../platform.ts";
import { UnsetVariable } from "../../store/files/unset_variable.ts";
import type { ClientMachine } from "./mcp_client.ts";

/** The path module of a system. */
export function pathOf(os: Platform["os"]): typeof posix {
  return os === "windows" ? win32 : posix;
}

/**
 * A path below the user's home directory.
 *
 * @throws UnsetVariable
 */
export function inHome({ os, env }: ClientMachine, ...parts: readonly string[]): string {
  const name = os === "windows" ? "USERPROFILE" : "HOME";
  return pathOf(os).join(absoluteVariable(env, name, os), ...parts);
}

/**
 * A path below the folder in which programs of the desktop keep their settings, by the convention of the system.
 *
 * @throws UnsetVariable
 */
export function inSettings(machine: ClientMachine, ...parts: readonly string[]): string {
  const { os, env } = machine;
  if (os === "windows") return win32.join(absoluteVariable(env, "APPDATA", os), ...parts);
  if (os === "darwin") return inHome(machine, "Library", "Application Support", ...parts);
  return inXdgSettings(machine, ...parts);
}

/**
 * A path below `~/.config`, or what `XDG_CONFIG_HOME` names in its place on Linux.
 *
 * @throws UnsetVariable
 */
export function inXdgSettings(machine: ClientMachine, ...parts: readonly string[]): string {
  const given = machine.os === "darwin" ? undefined : machine.env("XDG_CONFIG_HOME");
  return given?.startsWith("/") ? posix.join(given, ...parts) : inHome(machine, ".config", ...parts);
}

function absoluteVariable(env: Platform["env"], name: string, os: Platform["os"]): string {
  const value = env(name);
  if (value === undefined || !pathOf(os).isAbsolute(value)) throw new UnsetVariable(name);
  return value;
}
