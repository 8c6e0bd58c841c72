import type { Chance } from "../harness/chance.ts";
import type { Slot } from "./fleet.ts";
import type { FaultTools } from "./fault_tools.ts";
import { AT_RANDOM, KILL_POINTS, type KillPoint } from "./kill_points.ts";
import { LOGIN_KILL_POINTS } from "./logins/login_kill_points.ts";
import { pause } from "../harness/pause.ts";
import type { ServerProgram } from "./server_program.ts";

/** A process serves for a while before its turn comes; some serve for longer. */
const SERVES_MS = { short: 250, long: 2_500 };
const LONG_SHARE = 0.15;
/** A point is not reached where the pair turns out to be fresh, or the store is away. */
const TRIES = 3;

/** Kills processes, at each point in turn, until there were enough kills. */
export class Killers {
  readonly #tools: FaultTools;
  readonly #wanted: number;
  readonly #deck: Deck;
  #begun = 0;
  /** How often a process was killed at each point. */
  readonly counts: Map<KillPoint, number>;

  /** @param wanted how many kills there are to be. */
  constructor(tools: FaultTools, wanted: number) {
    const points = tools.logins === undefined ? KILL_POINTS : [...KILL_POINTS, ...LOGIN_KILL_POINTS];
    this.#tools = tools;
    this.#wanted = wanted;
    this.#deck = new Deck(points, tools.chance.of("points"));
    this.counts = new Map(points.map((point) => [point, 0]));
  }

  /** How many kills there were. */
  get done(): number {
    return this.counts.values().reduce((sum, count) => sum + count, 0);
  }

  /** Starts a process at `slot` and kills it, again and again, until there were enough kills or `signal` is aborted. */
  async keepKilling(slot: Slot, signal: AbortSignal): Promise<void> {
    const { fleet } = this.#tools;
    const chance = this.#tools.chance.of(slot.name);
    const tools = { ...this.#tools, chance };
    while (this.#begun < this.#wanted && !signal.aborted) {
      this.#begun++;
      const program = await fleet.start(slot);
      await pause(chance.between(0, chance.fraction() < LONG_SHARE ? SERVES_MS.long : SERVES_MS.short));
      const point = await this.#killAt(this.#deck.next(tools), program, tools);
      program.life.killedAt = point.name;
      this.counts.set(point, (this.counts.get(point) ?? 0) + 1);
    }
  }

  /** Kills `program` at `point`; at random where that point is not reached. Returns the point. */
  async #killAt(point: KillPoint, program: ServerProgram, tools: FaultTools): Promise<KillPoint> {
    for (let tries = 0; tries < TRIES; tries++) if (await point.kill(program, tools)) return point;
    await AT_RANDOM.kill(program, tools);
    return AT_RANDOM;
  }
}

/** Every point once in each round, in another order each time. */
class Deck {
  readonly #points: readonly KillPoint[];
  readonly #chance: Chance;
  #left: KillPoint[] = [];

  constructor(points: readonly KillPoint[], chance: Chance) {
    this.#points = points;
    this.#chance = chance;
  }

  /** The next one that can be reached now; the others keep their turn. */
  next(tools: FaultTools): KillPoint {
    const point = this.#left.findLast(({ isPossible }) => isPossible?.(tools) ?? true);
    if (point === undefined) {
      const used = this.#points.filter((each) => !this.#left.includes(each));
      this.#left = [...this.#chance.shuffled(used), ...this.#left];
      return this.next(tools);
    }
    this.#left = this.#left.filter((each) => each !== point);
    return point;
  }
}
