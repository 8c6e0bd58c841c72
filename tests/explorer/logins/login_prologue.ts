import { type Move, moves } from "../moves.ts";
import type { World } from "../world.ts";
import { DUE_MS } from "./login_moves.ts";
import type { LoginPlan } from "./login_plan.ts";

/** Steps after which a login that goes on undisturbed is done. */
const MOST_STEPS = 80;
/** After this the access token of a login has little left, in milliseconds. */
const ENDING_MS = 7_000_000;

/** The moves before anything may go wrong: a login of ann, and the time after which it has to be renewed. */
export class LoginPrologue {
  readonly #plan: LoginPlan;
  #steps = 0;
  #isOld = false;

  /** As a plan says. */
  constructor(plan: LoginPlan) {
    this.#plan = plan;
  }

  /** The next move; `undefined` once the walk proper begins. */
  next(world: World): Move | undefined {
    const { prologue, watches } = this.#plan;
    if (this.#steps++ >= MOST_STEPS) return undefined;
    const possible = moves(world);
    const named = (text: string): Move | undefined => possible.find((each) => each.text === text);
    if (prologue !== "nothing" && !isCleared(world)) return this.#logIn(world, possible);
    if (!this.#isOld) {
      this.#isOld = true;
      const ms = prologue === "ending" ? ENDING_MS : prologue === "due" ? DUE_MS : null;
      const move = ms === null ? undefined : named(`time passes: ${ms} ms`);
      if (move !== undefined) return move;
    }
    if (!watches) return undefined;
    const idle = world.alive.find((process) => process.isReady && !process.isWatching);
    return idle === undefined ? undefined : named(`${idle.label} watch`);
  }

  #logIn({ people, feishu }: World, possible: readonly Move[]): Move | undefined {
    const goesOn = possible.find(({ kind }) => kind === "goes on");
    const named = (text: string): Move | undefined => possible.find((each) => each.text === text);
    if (goesOn !== undefined) return goesOn;
    if (people.calls.length === 0) return named("P log in for much");
    if (feishu.logins.devices.get("d1")?.state === "waits") return named("ann approves d1");
    if (people.calls.every(({ outcome }) => outcome !== undefined)) return named("P finish d1");
    return named("time to the next timer");
  }
}

function isCleared({ loginHistory, points }: World): boolean {
  return loginHistory.logins.get("d1")?.record.isCleared === true && points.open.length === 0;
}
