import { fileURLToPath } from "node:url";
import { childCommand } from "../../harness/child_command.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { hostEnvironment } from "./host_environment.ts";

const TOOLS_CONFIG = fileURLToPath(new URL("../../tools/deno.json", import.meta.url));

/** What the Inspector's command line came to. */
export interface InspectorRun {
  readonly exitCode: number;
  /** The JSON on its standard output. */
  readonly output: unknown;
}

/** Runs MCP Inspector's command line, with a home that is removed afterwards. */
export async function runInspector(args: readonly string[]): Promise<InspectorRun> {
  await using home = await TempFolder.make();
  const { code, stdout, stderr } = await childCommand(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--frozen", "--config", TOOLS_CONFIG, "-P=inspector"],
      ...["@modelcontextprotocol/inspector", "--cli", "--format", "json", ...args],
    ],
    env: await hostEnvironment(home.path),
    clearEnv: true,
    cwd: home.path,
  }).output();
  const text = new TextDecoder().decode(stdout);
  try {
    return { exitCode: code, output: JSON.parse(text) };
  } catch (cause) {
    throw new Error(`The Inspector printed no JSON: ${text}${new TextDecoder().decode(stderr)}`, { cause });
  }
}
