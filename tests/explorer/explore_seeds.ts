import type { DroppedCheck } from "./process_kv.ts";
import type { LoginPlan } from "./logins/login_plan.ts";
import { shrink } from "./shrink.ts";
import { walk, type WalkResult } from "./walk.ts";
import { planOf, type WalkPlan } from "./walk_plan.ts";
import type { Fixture } from "./fixture.ts";

/** The result of many walks. */
export interface Exploration {
  readonly walks: number;
  readonly steps: number;
  /** The first walk in which an invariant did not hold, shrunk. */
  readonly failed?: WalkResult & { readonly seed: number };
}

/** The plan of the walk with a seed, perhaps without a check. */
export type PlanOf = (seed: number, dropped?: DroppedCheck) => WalkPlan | LoginPlan;

/** Walks with the seeds from `first` on until one fails, `most` times at most. */
export async function exploreSeeds(
  fixture: Fixture,
  first: number,
  most: number,
  dropped?: DroppedCheck,
  plans: PlanOf = planOf,
): Promise<Exploration> {
  let steps = 0;
  for (let walks = 1; walks <= most; walks++) {
    const seed = first + walks - 1;
    const plan = plans(seed, dropped);
    const result = await walk(fixture, plan, seed);
    steps += result.steps;
    if (result.violation !== undefined) {
      return { walks, steps, failed: { ...await shrink(fixture, plan.world, result), seed } };
    }
  }
  return { walks: most, steps };
}

/** What the person who fixes it needs: the invariant, the trace, and the command that repeats the walk. */
export function report(
  { violation, trace, seed }: NonNullable<Exploration["failed"]>,
  dropped?: DroppedCheck,
  option = "",
): string {
  const without = dropped === undefined ? "" : ` --without ${dropped.kind}/${dropped.slot}`;
  return `${violation?.message}\n${trace}\nTo repeat: deno task explore${option} --seed ${seed} --walks 1${without}`;
}
