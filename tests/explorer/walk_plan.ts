import { SeededRandom } from "../sandbox/seeded_random.ts";
import type { DroppedCheck } from "./process_kv.ts";
import type { ProcessPlace, WorldOptions } from "./world_options.ts";

/** The shape of a walk, drawn from its seed: walks differ in kind, not only in the order of their steps. */
export interface WalkPlan {
  readonly world: WorldOptions;
  readonly steps: number;
  /** Things that may go wrong, at most. */
  readonly faults: number;
  readonly questions: number;
  readonly kills: number;
  /** Logins and logouts beyond the first login. */
  readonly actions: number;
  /** Reports of rejected access tokens. */
  readonly reports: number;
  /** Whether every process is asked at the very start. */
  readonly rush: boolean;
  /** Chance that an operation goes wrong, is slow, or is left alone for a while. */
  readonly faultRate: number;
  readonly slowRate: number;
  readonly holdRate: number;
  /** When only held operations are left: chance that one is let go, rather than that time passes. */
  readonly letGoRate: number;
  /** Chance that time passes by more than to the next timer. */
  readonly jumpRate: number;
  /** Whether the store may be taken back, and tokens be spent elsewhere. */
  readonly takesBack: boolean;
  readonly spends: boolean;
}

const PLACES: readonly Readonly<Record<string, ProcessPlace>>[] = [
  { P: { machine: "m1" }, Q: { machine: "m1" } },
  { P: { machine: "m1" }, Q: { machine: "m2" } },
  { P: { machine: "m1", wallMs: 600_000 }, Q: { machine: "m2", monotonicMs: 90_000 } },
  { P: { machine: "m1" }, Q: { machine: "m1" }, R: { machine: "m2", wallMs: -45_000 } },
  { P: { machine: "m1" }, Q: { machine: "m1" }, R: { machine: "m2" }, S: { machine: "m2" } },
];

/** The plan of the walk with this seed. */
export function planOf(seed: number, dropped?: DroppedCheck): WalkPlan {
  const random = new SeededRandom(seed);
  const pick = <T>(...of: T[]): T => of[Math.floor(random.fraction() * of.length)] as T;
  const plan: WalkPlan = {
    world: {
      seed,
      processes: pick(...PLACES),
      withoutJournal: pick<string[]>([], [], [], ["m1"], ["m1", "m2"]),
      looksWait: pick(false, false, true),
      hasGrace: pick(false, false, false, true),
      hasUser: pick(false, true),
      asksForApp: pick(false, false, true),
      needsAppToken: pick(false, false, true),
      dropped,
    },
    steps: pick(80, 120, 160),
    faults: pick(0, 1, 2, 4, 8),
    questions: pick(2, 3, 4, 6),
    kills: pick(0, 0, 1, 2),
    actions: pick(0, 0, 1, 2),
    rush: pick(true, true, true, false),
    faultRate: pick(0.05, 0.15, 0.3),
    slowRate: pick(0, 0.1, 0.3),
    holdRate: pick(0, 0.1, 0.25),
    letGoRate: pick(0.1, 0.3, 0.6),
    jumpRate: pick(0.3, 0.6, 0.9),
    takesBack: pick(false, false, false, true),
    spends: pick(false, false, false, true),
    reports: pick(0, 0, 1, 3),
  };
  // The walls of logouts are versions of the store, which come back when it is restored. Not drawn, so that the plans of all
  // other seeds stay as they are.
  const hasClaims = plan.world.hasUser === true && !plan.takesBack && seed % 2 === 0;
  return hasClaims ? { ...plan, world: { ...plan.world, hasClaims } } : plan;
}
