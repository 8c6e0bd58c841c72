import { environmentOf } from "../../harness/children.ts";
import { SandboxProgram } from "../../harness/sandbox_program.ts";
import type { AttackContext, Part, PartResult } from "../part.ts";
import { endlessBodies } from "./endless_bodies.ts";
import { headsAlone } from "./heads_alone.ts";
import { idleConnections } from "./idle_connections.ts";
import { largeCalls } from "./large_calls.ts";
import { type ConnectionsBench, openFiles } from "./open_files.ts";

/** Masses of connections, heads and bodies that do not end, calls that take much memory, no file descriptors left. */
export const connectionsPart: Part = { name: "connections", run };

async function run(context: AttackContext): Promise<PartResult> {
  const { folder, denoDir, isShort } = context;
  await using sandbox = await SandboxProgram.start(await environmentOf(`${folder}/feishu`, denoDir));
  const bench: ConnectionsBench = {
    ...context,
    sandboxUrl: sandbox.url,
    env: await environmentOf(`${folder}/home`, denoDir),
  };
  const attacks = [openFiles, idleConnections, endlessBodies, headsAlone, largeCalls];
  let cases = 0;
  // In the long run each has the machine for itself, since memory is measured.
  if (isShort) cases = (await Promise.all(attacks.map((attack) => attack(bench)))).reduce((a, b) => a + b, 0);
  else for (const attack of attacks) cases += await attack(bench);
  return {
    cases,
    sent:
      "idle and half-open connections, endless and missing bodies, large calls, more connections than file descriptors",
    figures: [],
  };
}
