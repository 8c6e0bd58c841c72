import { runCommand } from "./src/cli/run_command.ts";
import { realPlatform } from "./src/platform.ts";

if (import.meta.main) Deno.exit(await runCommand(Deno.args, realPlatform()));
