/**
 * Lints the doc comments of every file of `src/`, found rather than listed, so that a new folder is not forgotten.
 *
 * @module
 */

import { PROJECT_FOLDER } from "./project_folder.ts";

/** Files whose public types are those of a package: `deno doc --lint` takes the package's own comments for ours. */
const OF_PACKAGES: ReadonlySet<string> = new Set([
  "src/mcp/calls/input_error.ts",
  "src/mcp/contract/broken_rule.ts",
  "src/mcp/sdk_server.ts",
  "src/mcp/shake_hands.ts",
]);

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${PROJECT_FOLDER}/${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await filesIn(path));
    else if (name.endsWith(".ts") && !OF_PACKAGES.has(path)) found.push(path);
  }
  return found.toSorted();
}

const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--quiet", "--lint", "main.ts", ...await filesIn("src")],
  cwd: PROJECT_FOLDER,
  stdin: "null",
}).spawn().status;
Deno.exit(code);
