import { SeededRandom } from "../sandbox/seeded_random.ts";
import { finish } from "./finish.ts";
import { type Move, moves } from "./moves.ts";
import type { Point } from "./schedule_points.ts";
import { Violation } from "./violation.ts";
import type { Fixture } from "./fixture.ts";
import type { World } from "./world.ts";
import type { WorldOptions } from "./world_options.ts";
import { stateOf } from "./world_state.ts";

/** What to explore. */
export interface ExhaustOptions {
  readonly world: WorldOptions;
  /** What happens first in every schedule. */
  readonly begin: (world: World) => Promise<void>;
  /** How much may go wrong in one schedule: a fault, a slow step, a kill and a deadline that passes count one each. */
  readonly faults: number;
  /** Give up after so many runs. */
  readonly most: number;
}

/** The result of an exploration. */
export interface ExhaustResult {
  /** Schedules that were followed to their end. */
  readonly schedules: number;
  /** Runs that ended in a state that was seen before. */
  readonly pruned: number;
  readonly states: number;
  /** Whether nothing is left to try within the bounds. */
  readonly isComplete: boolean;
  readonly violation?: Violation;
  /** The moves, and the trace, of the schedule with the violation. */
  readonly moves?: readonly string[];
  readonly trace?: string;
}

/** One way to go on: the moves from the beginning, and what may still go wrong after them. */
interface Path {
  readonly moves: readonly string[];
  readonly faults: number;
}

/**
 * Tries every order of all steps. A world cannot be copied, so each path starts from the beginning. The state of a process
 * is a function of what has happened to it, so a state that was seen before is recognized, and its path ends there. The
 * next path is drawn at random: an exploration that stops at `most` runs has seen some of every part.
 */
export async function exhaust(fixture: Fixture, options: ExhaustOptions): Promise<ExhaustResult> {
  const seen = new Set<string>();
  const open: Path[] = [{ moves: [], faults: options.faults }];
  const random = new SeededRandom(1);
  let schedules = 0;
  let pruned = 0;
  for (let runs = 0; runs < options.most; runs++) {
    const path = takeAny(open, random);
    if (path === undefined) return { schedules, pruned, states: seen.size, isComplete: true };
    const world = await fixture.world({ ...options.world, knowsStates: true });
    const made: string[] = [];
    try {
      if (await follow(world, options, path, { seen, open, made })) schedules++;
      else pruned++;
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      const trace = String(world.trace);
      return {
        schedules,
        pruned,
        states: seen.size,
        isComplete: false,
        violation: error,
        moves: made,
        trace,
      };
    }
  }
  return { schedules, pruned, states: seen.size, isComplete: false };
}

/** Follows `path`, then takes the first way at each turn and leaves the others in `open`. */
async function follow(
  world: World,
  options: ExhaustOptions,
  path: Path,
  { seen, open, made }: { readonly seen: Set<string>; readonly open: Path[]; readonly made: string[] },
): Promise<boolean> {
  await options.begin(world);
  for (const text of path.moves) {
    const move = moves(world).find((each) => each.text === text);
    if (move === undefined) throw new Error(`Not repeatable: ${text}\n${world.trace}`);
    made.push(text);
    await move.make();
  }
  let { faults } = path;
  for (;;) {
    const state = `${stateOf(world)} ${faults}`;
    if (seen.has(state)) return false;
    seen.add(state);
    const [first, ...others] = ways(world, faults);
    if (first === undefined) break;
    for (const { move, cost } of others) open.push({ moves: [...made, move.text], faults: faults - cost });
    made.push(first.move.text);
    faults -= first.cost;
    await first.move.make();
  }
  await finish(world);
  return true;
}

interface Way {
  readonly move: Move;
  readonly cost: number;
}

/** What may happen next, the ordinary outcomes first. */
function ways(world: World, faults: number): Way[] {
  const possible = moves(world);
  const inOrder = possible.filter(({ kind }) => kind === "goes on");
  // No other process can notice this step: its order among the others makes no difference.
  const alone = inOrder.filter(({ point }) => point !== undefined && isPrivate(world, point));
  const right = alone.length > 0 ? alone.slice(0, 1) : inOrder;
  const [next, deadline] = possible.filter(({ kind }) => kind === "time");
  // A poll has found nothing new: skip to the next deadline.
  const isFruitless = world.kv.version === world.versionAtPass;
  const time = isFruitless ? deadline ?? next : next;
  const isWaiting = world.time.untilDue() !== undefined;
  if (right.length === 0) return isWaiting && time !== undefined ? [{ move: time, cost: 0 }] : [];
  if (faults === 0) return right.map((move) => ({ move, cost: 0 }));
  const wrong = possible.filter(({ kind }) => kind === "goes wrong" || kind === "is slow" || kind === "kill");
  const late = isWaiting && deadline !== undefined ? [deadline] : [];
  return [
    ...right.map((move) => ({ move, cost: 0 })),
    ...[...wrong, ...late].map((move) => ({ move, cost: 1 })),
  ];
}

/** Whether `point` is about a journal that no other process shares. */
function isPrivate(world: World, { waiter, what }: Point): boolean {
  const { machine } = world.run(waiter);
  const isShared = [...world.processes.values()].some((each) => each !== waiter && each.machine === machine);
  return what.includes("journal") && !isShared;
}

/** Takes any one out of `from`. */
function takeAny<T>(from: T[], random: SeededRandom): T | undefined {
  const last = from.pop();
  if (last === undefined) return undefined;
  const index = Math.floor(random.fraction() * (from.length + 1));
  if (index === from.length) return last;
  const [taken] = from.splice(index, 1, last);
  return taken;
}
