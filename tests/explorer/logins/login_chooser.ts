import { SeededRandom } from "../../sandbox/seeded_random.ts";
import { type Move, type MoveKind, moves } from "../moves.ts";
import type { Point } from "../schedule_points.ts";
import type { World } from "../world.ts";
import type { LoginEvent, LoginPlan } from "./login_plan.ts";
import { LoginPrologue } from "./login_prologue.ts";

/** Outcomes of operations while the store is away, the likeliest first. */
const AWAY = ["fails", "vanishes", "is locked"];

/** After so many jumps of time while nobody waits for anything a walk is over. */
const MOST_QUIET = 20;

/** Chooses moves at random, as a plan says. It holds some operations back for a while: so few steps make long races. */
export class LoginChooser {
  readonly #plan: LoginPlan;
  readonly #random: SeededRandom;
  readonly #seen = new WeakSet<Point>();
  readonly #held = new WeakSet<Point>();
  readonly #left: Record<LoginEvent, number>;
  readonly #prologue: LoginPrologue;
  #faults: number;
  #step = 0;
  /** Jumps of time while nobody waited for anything. */
  #quiet = 0;

  /** For one walk. */
  constructor(plan: LoginPlan, seed: number) {
    this.#plan = plan;
    this.#prologue = new LoginPrologue(plan);
    this.#random = new SeededRandom(seed ^ 0x5eed);
    this.#left = { ...plan.events };
    this.#faults = plan.faults;
  }

  /** The next move; `undefined`: the walk is over. */
  choose(world: World): Move | undefined {
    const prologue = this.#prologue.next(world);
    if (prologue !== undefined) return prologue;
    const { letGoRate, eventRate, steps } = this.#plan;
    if (this.#step++ >= steps) return undefined;
    const possible = moves(world);
    for (const { point } of possible) if (point !== undefined) this.#look(point);
    const ready = possible.filter(({ kind, point }) =>
      kind === "goes on" && point !== undefined && !this.#held.has(point)
    );
    if (ready.length > 0 && !this.#chance(eventRate)) return this.#withOutcome(this.#pick(ready), possible);
    const held = possible.filter(({ kind }) => kind === "goes on");
    if (ready.length === 0 && held.length > 0 && this.#chance(letGoRate)) {
      return this.#withOutcome(this.#pick(held), possible);
    }
    const event = this.#chance(ready.length > 0 ? 1 : 0.5) ? this.#event(possible) : undefined;
    if (event !== undefined) return event;
    const time = possible.filter(({ kind }) => kind === "time");
    if (isQuiet(world) && this.#quiet++ >= MOST_QUIET) return undefined;
    if (time.length > 0) return this.#pick(time);
    return held.length > 0 ? this.#withOutcome(this.#pick(held), possible) : undefined;
  }

  /** Decides once for each operation whether it is held back. */
  #look(point: Point): void {
    if (this.#seen.has(point)) return;
    this.#seen.add(point);
    if (this.#chance(this.#plan.holdRate)) this.#held.add(point);
  }

  /** `move`, or another outcome of the same operation. */
  #withOutcome(move: Move, possible: readonly Move[]): Move {
    const { faultRate, slowRate, outage } = this.#plan;
    const others = (kind: MoveKind): Move[] =>
      possible.filter((each) => each.point === move.point && each.kind === kind);
    const wrong = others("goes wrong");
    const isAway = outage !== null && this.#step >= outage.from && this.#step < outage.from + outage.steps;
    const away = wrong.filter(({ text }) => AWAY.some((outcome) => text.endsWith(`: ${outcome}`)));
    if (isAway && away.length > 0) return this.#pick(away);
    const slow = others("is slow");
    if (slow.length > 0 && this.#chance(slowRate)) return this.#pick(slow);
    if (wrong.length === 0 || this.#faults <= 0 || !this.#chance(faultRate)) return move;
    this.#faults--;
    return this.#pick(wrong);
  }

  /** An event of a kind that is left, each kind as likely as any other. */
  #event(possible: readonly Move[]): Move | undefined {
    const kinds = Object.entries(this.#left).filter(([kind, left]) =>
      left > 0 && possible.some((each) => each.kind === kind)
    ).map(([kind]) => kind as LoginEvent);
    // Nothing else is worth much before somebody was asked to log in.
    const kind = kinds.includes("start") && this.#step < 3
      ? "start"
      : kinds.length > 0
      ? this.#pick(kinds)
      : null;
    if (kind === null) return undefined;
    this.#left[kind]--;
    return this.#pick(possible.filter((each) => each.kind === kind));
  }

  /** Nothing is worth much before somebody was asked to log in, and decides soon. */
  #kindOf(kinds: readonly LoginEvent[]): LoginEvent | null {
    const decisions = kinds.filter((kind) => kind === "approve" || kind === "decide");
    if (kinds.includes("start") && this.#step < 3) return "start";
    if (decisions.length > 0 && this.#chance(0.5)) return this.#pick(decisions);
    return kinds.length > 0 ? this.#pick(kinds) : null;
  }

  #chance(of: number): boolean {
    return this.#random.fraction() < of;
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.#random.fraction() * from.length)];
    if (picked === undefined) throw new RangeError("Nothing to pick from");
    return picked;
  }
}

/** Whether no process waits for an operation or works in the background. */
function isQuiet(world: World): boolean {
  return world.points.open.length === 0 && !world.alive.some(({ isWatching }) => isWatching);
}
