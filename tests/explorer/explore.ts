import { readArguments, runTask, UsageError, wholeNumber } from "../../tools/developer_task.ts";
import { exploreSeeds, report } from "./explore_seeds.ts";
import { loginPlanOf } from "./logins/login_plan.ts";
import { NEEDED_CHECKS } from "./invariants/writes.ts";
import type { DroppedCheck } from "./process_kv.ts";
import { walk } from "./walk.ts";
import { planOf } from "./walk_plan.ts";
import { Fixture } from "./fixture.ts";

/** Between two lines of progress. */
const WALKS_A_LINE = 1_000;

const USAGE = `deno task explore [--logins] [--seed N] [--walks N] [--without KIND/SLOT]

  --logins      walk through whole logins, from the device code on, rather than through renewals
  --seed N      the first walk's seed; those after it count on (1)
  --walks N     how many; with 1 the whole trace is printed (10000)
  --without …   take a check out of every write of a kind, for instance claim/lease, and see what happens`;

/**
 * Walks until an invariant does not hold, or `--walks` are done.
 *
 * @returns the exit code: 0 where every invariant held, 1 where one did not.
 * @throws UsageError for an argument that it does not know.
 */
export async function explore(args: string[], print: (line: string) => void): Promise<number> {
  const { values } = readArguments({
    args,
    options: {
      seed: { type: "string", default: "1" },
      walks: { type: "string", default: "10000" },
      without: { type: "string" },
      logins: { type: "boolean", default: false },
    },
  });
  const [seed, walks] = [wholeNumber("seed", values.seed, 0), wholeNumber("walks", values.walks, 1)];
  const dropped = values.without === undefined ? undefined : droppedCheck(values.without);
  const plans = values.logins ? loginPlanOf : planOf;
  await using fixture = await Fixture.make();
  if (walks === 1) {
    const plan = plans(seed, dropped);
    const { trace, violation } = await walk(fixture, plan, seed);
    print(`${JSON.stringify(plan)}\n${trace}\n${violation?.message ?? "every invariant held"}`);
    return violation === undefined ? 0 : 1;
  }
  for (let done = 0; done < walks; done += WALKS_A_LINE) {
    const now = Math.min(WALKS_A_LINE, walks - done);
    const { steps, failed } = await exploreSeeds(fixture, seed + done, now, dropped, plans);
    if (failed !== undefined) {
      print(report(failed, dropped, values.logins ? " --logins" : ""));
      return 1;
    }
    const batch = done === 0 ? `${steps} steps` : `the last ${now} with ${steps} steps`;
    print(`${done + now} walks, ${batch}: every invariant held`);
  }
  return 0;
}

function droppedCheck(text: string): DroppedCheck {
  const known = Object.entries(NEEDED_CHECKS).flatMap(([kind, slots]) =>
    slots.map((slot) => ({ kind, slot }))
  );
  const dropped = known.find(({ kind, slot }) => text === `${kind}/${slot}`);
  if (dropped !== undefined) return dropped as DroppedCheck;
  const names = known.map(({ kind, slot }) => JSON.stringify(`${kind}/${slot}`)).join(", ");
  throw new UsageError(`--without ${JSON.stringify(text)} is no check of a write; these are: ${names}`);
}

if (import.meta.main) {
  const encoder = new TextEncoder();
  await runTask(
    USAGE,
    (args) => explore(args, (line) => void Deno.stdout.writeSync(encoder.encode(`${line}\n`))),
  );
}
