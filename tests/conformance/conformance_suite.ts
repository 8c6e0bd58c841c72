import { fileURLToPath } from "node:url";
import { z } from "zod";
import { childCommand } from "../../harness/child_command.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** The newest revision that begins with a handshake. */
export const REVISION = "2025-11-25";

/** What the suite found in one scenario. */
export interface ScenarioResult {
  readonly scenario: string;
  /** How many checks succeeded. */
  readonly passed: number;
  /** Ids of the checks that failed or warned. */
  readonly failed: readonly string[];
}

/** What one run of the suite came to. */
export interface SuiteRun {
  /** 0 unless something failed that was not expected to, or the reverse. */
  readonly exitCode: number;
  /** In alphabetical order. */
  readonly results: readonly ScenarioResult[];
  /** Everything it printed. */
  readonly output: string;
}

const CheckSchema = z.object({ id: z.string(), status: z.string() });

const FAILED: ReadonlySet<string> = new Set(["FAILURE", "WARNING"]);

const TOOLS_CONFIG = fileURLToPath(new URL("../../tools/deno.json", import.meta.url));

/**
 * Runs the conformance suite against the MCP endpoint `url`. Its permissions reach this machine alone, so nothing can
 * come from the network. `options` choose the scenarios.
 */
export async function runSuite(url: string, options: readonly string[]): Promise<SuiteRun> {
  await using folder = await TempFolder.make();
  const { code, stdout, stderr } = await childCommand(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--frozen", "--config", TOOLS_CONFIG, "-P=conformance"],
      "@modelcontextprotocol/conformance",
      ...["server", "--url", url, "--output-dir", folder.path, ...options],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return {
    exitCode: code,
    results: await readResults(folder.path),
    output: decoder.decode(stdout) + decoder.decode(stderr),
  };
}

/** The suite leaves a folder a scenario, named after it and the time. */
async function readResults(folder: string): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const scenario = /^server-(.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/.exec(name)?.[1];
    if (scenario === undefined) throw new Error(`Cannot tell the scenario of ${name}`);
    const checks = z.array(CheckSchema).parse(
      JSON.parse(await Deno.readTextFile(`${folder}/${name}/checks.json`)),
    );
    results.push({
      scenario,
      passed: checks.filter(({ status }) => status === "SUCCESS").length,
      failed: checks.filter(({ status }) => FAILED.has(status)).map(({ id }) => id),
    });
  }
  return results.sort((a, b) => a.scenario < b.scenario ? -1 : 1);
}
