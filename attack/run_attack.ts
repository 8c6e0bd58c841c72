import { inspect } from "node:util";
import { Chance } from "../harness/chance.ts";
import { filledDenoDir } from "../harness/children.ts";
import type { Clock } from "../src/ports/clock.ts";
import { TIME_IS_UP, within } from "../src/concurrency/within.ts";
import { RunError } from "../harness/run_error.ts";
import type { AttackOptions } from "./attack_options.ts";
import type { PartOutcome } from "./attack_report.ts";
import { Findings } from "./findings.ts";
import type { Part } from "./part.ts";
import { PARTS } from "./parts.ts";

/** Longest time for one part. Every wait within a part is bounded by itself; this is for what was overlooked. */
const PART_WITHIN_MS = { short: 90_000, long: 900_000 };

const SHOWN_CHARACTERS = 2_000;

/**
 * Runs the parts one after another.
 *
 * @param say takes lines about the progress.
 * @param signal ends the run before the next part.
 */
export async function runAttack(
  { parts, seed, isShort }: AttackOptions,
  clock: Clock,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<PartOutcome[]> {
  const folder = await Deno.makeTempDir({ prefix: "feishu-token-attack-" });
  const chance = new Chance(seed);
  const outcomes: PartOutcome[] = [];
  try {
    const denoDir = await filledDenoDir();
    for (const part of PARTS.filter(({ name }) => parts.includes(name))) {
      signal.throwIfAborted();
      say(`${part.name} …`);
      const startedMs = clock.monotonic();
      const findings = new Findings();
      const partFolder = `${folder}/${part.name}`;
      await Deno.mkdir(partFolder);
      const context = { chance: chance.of(part.name), isShort, folder: partFolder, denoDir, findings };
      const result = await resultOf(part, clock, say, context);
      outcomes.push({ name: part.name, findings, result, tookMs: clock.monotonic() - startedMs });
    }
    return outcomes;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function resultOf(
  part: Part,
  clock: Clock,
  say: (line: string) => void,
  context: Parameters<Part["run"]>[0],
): Promise<PartOutcome["result"]> {
  const skipped = await part.obstacle?.() ?? null;
  if (skipped !== null) return { skipped };
  try {
    const limitMs = context.isShort ? PART_WITHIN_MS.short : PART_WITHIN_MS.long;
    const result = await within(clock, limitMs, part.run(context));
    if (result !== TIME_IS_UP) return result;
    say(`${part.name} did not end within ${limitMs / 1000} s`);
  } catch (error) {
    const shown = error instanceof RunError ? error.message : inspect(error);
    say(`${part.name} broke off: ${shown.slice(0, SHOWN_CHARACTERS)}`);
  }
  return "failed";
}
