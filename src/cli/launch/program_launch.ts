import { fileURLToPath } from "node:url";
import type { Platform } from "../../platform.ts";
import { nodeLaunch, npmPackageOf } from "./node_launch.ts";
import { type SettledPath, settledPath } from "./settle.ts";

/** How this program is started, in front of its own arguments. */
export interface ProgramLaunch {
  /** Absolute path of the executable. */
  readonly command: string;
  /** Its arguments in front of the program's own. */
  readonly args: readonly string[];
  /** Whether Deno runs the program, and not the program itself. */
  readonly usesDeno: boolean;
  /** What has to be copied first out of a cache that is cleaned. */
  readonly copies: readonly SettledPath[];
}

/** A bundle stands alone, without the permission sets of deno.json. */
const BUNDLE_FLAGS = ["--unstable-kv", "--allow-net", "--allow-read", "--allow-write", "--allow-env"];

/**
 * How this very program is started again, by absolute paths: a program of the desktop knows no `PATH` of a shell. The
 * binary; Node and the script of the npm package, which brings its own Deno; or Deno and the main module.
 */
export async function programLaunch(
  platform: Pick<Platform, "os" | "env" | "self" | "findTool">,
): Promise<ProgramLaunch> {
  const { self } = platform;
  if (self.isBinary) return { command: self.execPath, args: [], usesDeno: false, copies: [] };
  const main = self.mainModule.startsWith("file:") ? fileURLToPath(self.mainModule) : self.mainModule;
  const inPackage = npmPackageOf(main);
  const node = inPackage === undefined ? undefined : await nodeLaunch(inPackage, platform);
  if (node !== undefined) return { ...node, usesDeno: false };
  const [deno, module] = [settledPath(self.execPath, platform), settledPath(main, platform)];
  return {
    command: deno.path,
    args: [
      ...["run", "--quiet", "--no-prompt"],
      ...(main.endsWith(".ts") ? ["-P=serve"] : BUNDLE_FLAGS),
      module.path,
    ],
    usesDeno: true,
    copies: [...deno.copies, ...module.copies],
  };
}
