import { parseArgs } from "node:util";
import { exploreSeeds, report } from "./explore_seeds.ts";
import { walk } from "./walk.ts";
import { planOf } from "./walk_plan.ts";
import { Workbench } from "./workbench.ts";

/** Between two lines of progress. */
const WALKS_A_LINE = 1_000;

/** Walks for as long as one likes, or makes one walk again with all its steps: `deno task explore --help`. */
async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: "string", default: "1" },
      walks: { type: "string", default: "10000" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(
      "deno task explore [--seed N] [--walks N]   one walk prints its trace, many print how far they are",
    );
    return 0;
  }
  const [seed, walks] = [Number(values.seed), Number(values.walks)];
  await using bench = await Workbench.make();
  if (walks === 1) {
    const plan = planOf(seed);
    const { trace } = await walk(bench, plan, seed);
    print(`${JSON.stringify(plan)}\n${trace}`);
  }
  for (let done = 0; done < walks; done += WALKS_A_LINE) {
    const { steps, failed } = await exploreSeeds(bench, seed + done, Math.min(WALKS_A_LINE, walks - done));
    if (failed !== undefined) {
      print(report(failed));
      return 1;
    }
    print(
      `${
        Math.min(done + WALKS_A_LINE, walks)
      } walks, the last 1000 with ${steps} steps: every invariant held`,
    );
  }
  return 0;
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
