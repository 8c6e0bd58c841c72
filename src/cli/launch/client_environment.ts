import type { Platform } from "../../platform.ts";

/**
 * The variables that an MCP client passes on to a server on stdio, unless it is configured to pass others.
 *
 * @see https://github.com/modelcontextprotocol/typescript-sdk `DEFAULT_INHERITED_ENV_VARS` of the client for stdio
 */
const INHERITED: Readonly<Record<"windows" | "posix", readonly string[]>> = {
  windows: [
    "APPDATA",
    "HOMEDRIVE",
    "HOMEPATH",
    "LOCALAPPDATA",
    "PATH",
    "PROCESSOR_ARCHITECTURE",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "USERNAME",
    "USERPROFILE",
    "PROGRAMFILES",
  ],
  posix: ["HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER"],
};

/** The names of those variables on a system. */
export function inheritedVariables(os: Platform["os"]): readonly string[] {
  return INHERITED[os === "windows" ? "windows" : "posix"];
}

/** The environment of a server whose entry adds no variable. A function of a shell is left out. */
export function clientEnvironment({ os, env }: Pick<Platform, "os" | "env">): Record<string, string> {
  return Object.fromEntries(
    inheritedVariables(os).flatMap((name) => {
      const value = env(name);
      return value === undefined || value.startsWith("()") ? [] : [[name, value]];
    }),
  );
}
