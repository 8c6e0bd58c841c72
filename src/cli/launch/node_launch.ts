import { join } from "node:path";
import * as z from "zod";
import type { Platform } from "../../platform.ts";
import { OUTSIDE_NAMES } from "../../outside_names.ts";
import { type SettledPath, settledPath } from "./settle.ts";

/** Node, and the script that it runs. */
export interface NodeLaunch {
  /** Absolute path of Node. */
  readonly command: string;
  /** The script. */
  readonly args: readonly string[];
  /** What has to be copied first. */
  readonly copies: readonly SettledPath[];
}

const ManifestSchema = z.object({ bin: z.union([z.string(), z.record(z.string(), z.string())]) });

/** The folder of the npm package that has the file `path` in it; `undefined` where that is in no such package. */
export function npmPackageOf(path: string): string | undefined {
  const [, folder] =
    new RegExp(`^(.*[/\\\\]node_modules[/\\\\]${OUTSIDE_NAMES.npmPackage})[/\\\\]`).exec(path) ??
      [];
  return folder;
}

/** How Node starts the package in `folder`; `undefined` where Node cannot be found, or the package is not as expected. */
export async function nodeLaunch(
  folder: string,
  platform: Pick<Platform, "os" | "env" | "findTool">,
): Promise<NodeLaunch | undefined> {
  // npm tells the programs that it starts which Node runs it.
  const node = platform.env("npm_node_execpath") || await platform.findTool("node");
  const bin = await binOf(folder);
  if (!node || bin === undefined) return undefined;
  const script = settledPath(join(folder, bin), platform);
  return { command: node, args: [script.path], copies: script.copies };
}

async function binOf(folder: string): Promise<string | undefined> {
  try {
    const { bin } = ManifestSchema.parse(JSON.parse(await Deno.readTextFile(join(folder, "package.json"))));
    return typeof bin === "string" ? bin : bin[OUTSIDE_NAMES.npmPackage];
  } catch {
    return undefined;
  }
}
