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
  /** How much may go wrong in one schedule: each fault, each slowness, each kill, each lapse of time with work undone. */
  readonly faults: number;
  /** Give up after so many runs. */
  readonly most: number;
}

/** How far an exploration came. */
export interface ExhaustResult {
  /** Schedules that were followed to their end. */
  readonly schedules: number;
  /** Runs that came to a state from which everything had been tried. */
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
 * Tries every order of everything. Which branch comes next is drawn, so that an exploration that is given up has seen a
 * bit of everything. A world cannot be copied, so that each path starts from the beginning; but
 * what a process is, is a function of what has happened to it, so that a state that was seen before is known again and
 * left alone.
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

/** Follows `path`, and from its end the first way at each turn, leaving the others in `open`. */
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

/** What may happen next, what goes right first. */
function ways(world: World, faults: number): Way[] {
  const possible = moves(world);
  const inOrder = possible.filter(({ kind }) => kind === "goes on");
  // A step that nobody else can notice need not be tried before and after each step of the others.
  const alone = inOrder.filter(({ point }) => point !== undefined && isPrivate(world, point));
  const right = alone.length > 0 ? alone.slice(0, 1) : inOrder;
  const [next, deadline] = possible.filter(({ kind }) => kind === "time");
  // A poll that found nothing new need not be repeated before a deadline passes.
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

/** Any of `from`, which has it no more. */
function takeAny<T>(from: T[], random: SeededRandom): T | undefined {
  const last = from.pop();
  if (last === undefined) return undefined;
  const index = Math.floor(random.fraction() * (from.length + 1));
  if (index === from.length) return last;
  const [taken] = from.splice(index, 1, last);
  return taken;
}
