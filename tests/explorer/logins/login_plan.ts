import { SeededRandom } from "../../sandbox/seeded_random.ts";
import type { DroppedCheck } from "../process_kv.ts";
import type { ProcessPlace, WorldOptions } from "../world_options.ts";
import type { LoginSwitches } from "./login_switches.ts";

/** The shape of a walk through whole logins, drawn from its seed. */
export interface LoginPlan {
  readonly world: WorldOptions & { readonly logins: LoginSwitches };
  readonly steps: number;
  /** How often each kind of event may happen. */
  readonly events: Readonly<Record<LoginEvent, number>>;
  /** Things that may go wrong, at most. */
  readonly faults: number;
  readonly faultRate: number;
  readonly slowRate: number;
  /** Chance that an operation is left alone for a while, and that one of those is let go rather than that time passes. */
  readonly holdRate: number;
  readonly letGoRate: number;
  /** Chance that something happens although an operation could go on. */
  readonly eventRate: number;
  /** What there is before anything may go wrong: nothing, a grant, one whose access token ends, one that is due. */
  readonly prologue: "nothing" | "grant" | "ending" | "due";
  /** Whether every process works in the background from the start. */
  readonly watches: boolean;
  /** Steps after which the store is away for some time, and for how many; `null`: never. */
  readonly outage: { readonly from: number; readonly steps: number } | null;
}

/** The kinds of event. */
export type LoginEvent =
  | "start"
  | "approve"
  | "decide"
  | "finish"
  | "choose"
  | "token"
  | "log out"
  | "keep"
  | "watch"
  | "kill"
  | "restart"
  | "long time"
  | "days";

const PLACES: readonly Readonly<Record<string, ProcessPlace>>[] = [
  { P: { machine: "m1" }, Q: { machine: "m1" } },
  { P: { machine: "m1" }, Q: { machine: "m2" } },
  { P: { machine: "m1", wallMs: 30_000 }, Q: { machine: "m2", monotonicMs: 90_000, wallMs: -20_000 } },
  { P: { machine: "m1" }, Q: { machine: "m1" }, R: { machine: "m2" } },
];

/** The plan of the walk with this seed. */
export function loginPlanOf(seed: number, dropped?: DroppedCheck): LoginPlan {
  const random = new SeededRandom(seed ^ 0x10919);
  const pick = <T>(...of: T[]): T => of[Math.floor(random.fraction() * of.length)] as T;
  const logins: LoginSwitches = {
    claims: pick<LoginSwitches["claims"]>("all", "all", "none", "every second"),
    secondLogin: pick<LoginSwitches["secondLogin"]>("leaves", "kills"),
    revocation: pick<LoginSwitches["revocation"]>("token", "family", "person"),
  };
  const prologue = pick<LoginPlan["prologue"]>("nothing", "grant", "grant", "ending", "ending", "due");
  const steps = pick(80, 140, 200);
  return {
    world: {
      ...{ seed, logins, dropped },
      processes: pick(...PLACES),
      withoutJournal: pick<string[]>([], [], [], ["m1", "m2"]),
      looksWait: pick(false, false, true),
    },
    steps,
    events: {
      start: pick(1, 2, 2, 3),
      approve: pick(1, 2, 3),
      decide: pick(0, 1, 1, 2),
      finish: pick(3, 5, 8),
      choose: pick(0, 1, 2),
      token: pick(1, 3, 5),
      "log out": pick(0, 0, 1, 2),
      keep: pick(0, 0, 1, 2),
      watch: pick(0, 1, 3, 4),
      kill: pick(0, 0, 1, 2),
      restart: 3,
      "long time": pick(0, 0, 1, 2),
      // A refresh token does not live for two of them.
      days: prologue === "due" ? 0 : pick(0, 0, 0, 1),
    },
    faults: pick(0, 1, 2, 4, 8),
    faultRate: pick(0.05, 0.15, 0.3),
    slowRate: pick(0, 0.1, 0.3),
    holdRate: pick(0, 0.1, 0.25),
    letGoRate: pick(0.1, 0.3, 0.6),
    eventRate: pick(0.06, 0.12, 0.2),
    prologue,
    watches: pick(true, false),
    outage: pick(false, false, false, true) ? { from: pick(10, 30, 60), steps: pick(10, 30) } : null,
  };
}
