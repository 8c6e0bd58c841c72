/**
 * The server that `deno task dev` starts: `main.ts`, which also stops, in order, when its standard input ends. Its parent
 * holds that open, so that it does not outlive a parent that was killed.
 *
 * @module
 */

import { runCommand } from "../src/cli/run_command.ts";
import { realPlatform } from "../src/platform.ts";
import { endingWithParent } from "./ending_with_parent.ts";

if (import.meta.main) Deno.exit(await runCommand(Deno.args, endingWithParent(realPlatform())));
