/**
 * The program, which then tries to start another one, as a fault of a server might: it says on standard error what came
 * of that. Bundled, packed and compiled as `main.ts` is.
 *
 * @module
 */

import { runCommand } from "../../src/cli/run_command.ts";
import { realPlatform } from "../../src/platform.ts";

/** By then the command line is read. */
const LATER_MS = 200;

setTimeout(() => {
  let outcome = "a program was started";
  try {
    new Deno.Command("/bin/true").outputSync();
  } catch (error) {
    outcome = error instanceof Error ? error.name : String(error);
  }
  Deno.stderr.writeSync(new TextEncoder().encode(`probe: ${outcome}\n`));
}, LATER_MS);
Deno.exit(await runCommand(Deno.args, realPlatform()));
