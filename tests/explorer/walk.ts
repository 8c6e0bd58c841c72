import { SeededRandom } from "../sandbox/seeded_random.ts";
import { finish } from "./finish.ts";
import { LoginChooser } from "./logins/login_chooser.ts";
import type { LoginPlan } from "./logins/login_plan.ts";
import { Violation } from "./violation.ts";
import { type Move, type MoveKind, moves } from "./moves.ts";
import type { Point } from "./schedule_points.ts";
import type { WalkPlan } from "./walk_plan.ts";
import type { Fixture } from "./fixture.ts";
import type { World } from "./world.ts";
import type { WorldOptions } from "./world_options.ts";

/** The result of a walk. */
export interface WalkResult {
  /** The moves made, by their texts. */
  readonly moves: readonly string[];
  /** Steps in all, those of the finish included. */
  readonly steps: number;
  /** The invariant that did not hold. */
  readonly violation?: Violation;
  readonly trace: string;
}

/** Chance that an event comes before an operation that could go on. */
const EVENT_RATE = 0.08;

/** Makes random moves, as `plan` says, and then lets every process finish. */
export async function walk(
  fixture: Fixture,
  plan: WalkPlan | LoginPlan,
  seed: number,
): Promise<WalkResult> {
  const chooser = "events" in plan
    ? new LoginChooser(plan, seed)
    : new Chooser(plan, new SeededRandom(seed ^ 0x5eed));
  return await run(fixture, plan.world, (world) => chooser.choose(world));
}

/** Makes the moves called `texts`, leaving out those that are not possible in their turn, and then lets every process finish. */
export async function repeat(
  fixture: Fixture,
  options: WorldOptions,
  texts: readonly string[],
): Promise<WalkResult> {
  const left = [...texts];
  return await run(fixture, options, (world) => {
    const possible = moves(world);
    while (left.length > 0) {
      const text = left.shift();
      const move = possible.find((each) => each.text === text);
      if (move !== undefined) return move;
    }
    return undefined;
  });
}

async function run(
  fixture: Fixture,
  options: WorldOptions,
  choose: (world: World) => Move | undefined,
): Promise<WalkResult> {
  const world = await fixture.world(options);
  const made: string[] = [];
  try {
    for (let move = choose(world); move !== undefined; move = choose(world)) {
      made.push(move.text);
      await move.make();
    }
    await finish(world);
  } catch (error) {
    if (!(error instanceof Violation)) throw new Error(`${error}\n${world.trace}`, { cause: error });
    return { moves: made, steps: world.trace.lines.length, trace: String(world.trace), violation: error };
  }
  return { moves: made, steps: world.trace.lines.length, trace: String(world.trace) };
}

/** Chooses moves at random. It holds some operations back for a while: so few steps make long races. */
class Chooser {
  readonly #plan: WalkPlan;
  readonly #random: SeededRandom;
  readonly #seen = new WeakSet<Point>();
  readonly #held = new WeakSet<Point>();
  #left: Record<"steps" | "faults" | "questions" | "kills" | "actions" | "reports", number>;

  constructor(plan: WalkPlan, random: SeededRandom) {
    this.#plan = plan;
    this.#random = random;
    const { steps, faults, questions, kills, actions, reports } = plan;
    this.#left = { steps, faults, questions, kills, actions, reports };
  }

  choose(world: World): Move | undefined {
    const { letGoRate, jumpRate } = this.#plan;
    if (this.#left.steps-- <= 0) return undefined;
    const possible = moves(world);
    // Without a first pair there is nothing to renew.
    if (world.options.hasUser && world.callers.actions.length === 0) {
      const login = possible.find(({ kind }) => kind === "action");
      if (login !== undefined) return login;
    }
    if (this.#plan.rush && world.callers.questions.length < world.processes.size) {
      const unasked = possible.find(({ kind, text }) =>
        kind === "ask" &&
        !world.callers.questions.some(({ process }) => text.startsWith(`ask ${process.label} `))
      );
      if (unasked !== undefined) return unasked;
    }
    for (const { point } of possible) if (point !== undefined) this.#look(point);
    const ready = possible.filter(({ point, kind }) =>
      kind === "goes on" && point !== undefined && !this.#held.has(point)
    );
    if (ready.length > 0 && !this.#chance(EVENT_RATE)) return this.#withOutcome(this.#pick(ready), possible);
    const time = possible.filter(({ kind }) => kind === "time");
    if (ready.length === 0 && !isIdle(world)) {
      const held = possible.filter(({ kind }) => kind === "goes on");
      if (held.length > 0 && this.#chance(letGoRate)) return this.#withOutcome(this.#pick(held), possible);
      if (time.length > 0 && !this.#chance(EVENT_RATE)) {
        return this.#chance(jumpRate) ? this.#pick(time) : time[0];
      }
    }
    const event = this.#event(possible);
    if (event !== undefined) return event;
    if (ready.length > 0) return this.#withOutcome(this.#pick(ready), possible);
    return isIdle(world) && this.#left.questions <= 0 ? undefined : time.at(-1);
  }

  /** Decides once for each operation whether it is held back. */
  #look(point: Point): void {
    if (this.#seen.has(point)) return;
    this.#seen.add(point);
    if (this.#chance(this.#plan.holdRate)) this.#held.add(point);
  }

  /** `move`, or another outcome of the same operation. */
  #withOutcome(move: Move, possible: readonly Move[]): Move {
    const { faultRate, slowRate } = this.#plan;
    const others = (kind: MoveKind): Move[] =>
      possible.filter((each) => each.point === move.point && each.kind === kind);
    const slow = others("is slow");
    if (slow.length > 0 && this.#chance(slowRate)) return this.#pick(slow);
    const wrong = others("goes wrong");
    if (wrong.length === 0 || this.#left.faults <= 0 || !this.#chance(faultRate)) return move;
    this.#left.faults--;
    return this.#pick(wrong);
  }

  #event(possible: readonly Move[]): Move | undefined {
    const { takesBack, spends } = this.#plan;
    const kinds: MoveKind[] = ["restart"];
    if (this.#left.questions > 0) kinds.push("ask", "ask", "ask");
    if (this.#left.reports > 0) kinds.push("report", "report");
    if (this.#left.kills > 0) kinds.push("kill");
    if (this.#left.actions > 0) kinds.push("action");
    if (takesBack) kinds.push("back up", "take back");
    if (spends) kinds.push("spend");
    const kind = this.#pick(kinds);
    const events = possible.filter((each) => each.kind === kind);
    if (events.length === 0) return undefined;
    if (kind === "ask") this.#left.questions--;
    if (kind === "report") this.#left.reports--;
    if (kind === "kill") this.#left.kills--;
    if (kind === "action") this.#left.actions--;
    return this.#pick(events);
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

/** Whether no process waits for an operation or a timer. */
function isIdle(world: World): boolean {
  return world.points.open.length === 0 && world.time.untilDue() === undefined;
}
