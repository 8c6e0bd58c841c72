import { delimiter, dirname } from "node:path";
import { z } from "zod";
import { childCommand } from "../../harness/child_command.ts";

/** What these tests add because they run on a test machine: the packages it has, the certificates it trusts. */
const TEST_MACHINE_VARIABLES = ["NODE_EXTRA_CA_CERTS"];

const DenoInfoSchema = z.object({ denoDir: z.string() });

/**
 * The environment in which a desktop program starts an MCP server: `PATH`, a home, and nothing of the user's shell. The
 * home is the caller's to choose, so that nothing of the real one is read or written.
 */
export async function hostEnvironment(home: string): Promise<Record<string, string>> {
  const kept = TEST_MACHINE_VARIABLES.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  // Snippets say `deno`: it must be the one that runs the tests.
  const path = [dirname(Deno.execPath()), Deno.env.get("PATH") ?? ""].join(delimiter);
  // Under another home Deno would look for its packages in another place, and download them all.
  return { ...Object.fromEntries(kept), PATH: path, HOME: home, DENO_DIR: await denoDir() };
}

async function denoDir(): Promise<string> {
  const { stdout } = await childCommand(Deno.execPath(), { args: ["info", "--json"] }).output();
  return DenoInfoSchema.parse(JSON.parse(new TextDecoder().decode(stdout))).denoDir;
}
