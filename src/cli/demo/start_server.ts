import { type DemoProgram, startProgram } from "./demo_program.ts";
import type { DemoStage } from "./demo_stage.ts";

/** Starts a server over HTTP on the sandbox and the store of the demo. */
export function startServer({ platform, self, sandboxUrl, store }: DemoStage): Promise<DemoProgram> {
  const args = [
    "--sandbox-url",
    sandboxUrl,
    "--port",
    "0",
    "--kv",
    store,
    "--log-format",
    "json",
    "--log-level",
    "debug",
  ];
  return startProgram(self, platform.clock, args, /"url":"(http:\/\/[^"]+)"/);
}
