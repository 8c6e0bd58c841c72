import { runDemo } from "../../src/cli/demo/run_demo.ts";
import { realPlatform } from "../../src/platform.ts";

// The demo against the program whose command line is given, with nothing but HOME in that program's environment.
const [home = "", ...program] = Deno.args;
const self = { command: "/usr/bin/env", args: ["-i", `HOME=${home}`, ...program], env: {} };
const platform = realPlatform();
const exitCode = await runDemo(platform, { language: "en", self });
await platform.stdout.drained();
Deno.exit(exitCode);
