import type { Chance } from "../../harness/chance.ts";
import { pause } from "../../harness/pause.ts";
import type { Fleet, Slot } from "../fleet.ts";
import type { LoginTools } from "./login_work.ts";

/** From the moment at which the host starts the server. */
const LIVES_MS = 2_000;
const PAUSE_MS = { least: 500, most: 3_000 };

/**
 * An MCP host that starts a server over its standard streams, asks it something, and kills it after 2 s, again and again.
 * Returns how often.
 */
export async function startAndKill(
  slot: Slot,
  fleet: Fleet,
  tools: LoginTools,
  chance: Chance,
): Promise<number> {
  const { people, callers, over } = tools;
  let count = 0;
  while (!over.aborted) {
    await pause(chance.between(PAUSE_MS.least, PAUSE_MS.most), over);
    if (over.aborted) break;
    const startedMs = performance.now();
    const program = await fleet.start(slot);
    const asked = callers.token(program, people.any(chance), false);
    await pause(Math.max(0, startedMs + LIVES_MS - performance.now()));
    program.life.killedAt = "by its host, 2 s after the start";
    await fleet.kill(program);
    await asked;
    count++;
  }
  return count;
}
