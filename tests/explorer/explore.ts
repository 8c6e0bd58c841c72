import { parseArgs } from "node:util";
import { exploreSeeds, report } from "./explore_seeds.ts";
import type { DroppedCheck } from "./process_kv.ts";
import { walk } from "./walk.ts";
import { planOf } from "./walk_plan.ts";
import { Workbench } from "./workbench.ts";

/** Between two lines of progress. */
const WALKS_A_LINE = 1_000;

const HELP = `deno task explore [--seed N] [--walks N] [--without KIND/SLOT]

  --seed N      the first walk's seed; those after it count on (1)
  --walks N     how many; with 1 the whole trace is printed (10000)
  --without …   take a check out of every write of a kind, for instance claim/lease, and see what happens`;

/**
 * Walks until an invariant does not hold, or `--walks` are done.
 *
 * @returns the exit code: 0 where every invariant held, 1 where one did not.
 * @throws TypeError for an argument that it does not know.
 */
export async function explore(args: string[], print: (line: string) => void): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: "string", default: "1" },
      walks: { type: "string", default: "10000" },
      without: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  const [seed, walks] = [wholeNumber(values.seed), wholeNumber(values.walks)];
  const dropped = values.without === undefined ? undefined : droppedCheck(values.without);
  await using bench = await Workbench.make();
  if (walks === 1) {
    const plan = planOf(seed, dropped);
    const { trace, violation } = await walk(bench, plan, seed);
    print(`${JSON.stringify(plan)}\n${trace}\n${violation?.message ?? "every invariant held"}`);
    return violation === undefined ? 0 : 1;
  }
  for (let done = 0; done < walks; done += WALKS_A_LINE) {
    const now = Math.min(WALKS_A_LINE, walks - done);
    const { steps, failed } = await exploreSeeds(bench, seed + done, now, dropped);
    if (failed !== undefined) {
      print(report(failed, dropped));
      return 1;
    }
    print(`${done + now} walks, the last ${now} with ${steps} steps: every invariant held`);
  }
  return 0;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new TypeError(`Not a whole number: ${text}`);
  return number;
}

function droppedCheck(text: string): DroppedCheck {
  const [kind, slot] = text.split("/");
  if (kind === undefined || slot === undefined) throw new TypeError(`Not KIND/SLOT: ${text}`);
  return { kind, slot } as DroppedCheck;
}

if (import.meta.main) {
  const encoder = new TextEncoder();
  Deno.exit(await explore(Deno.args, (line) => void Deno.stdout.writeSync(encoder.encode(`${line}\n`))));
}
