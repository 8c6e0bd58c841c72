import type { Chance } from "../harness/chance.ts";
import type { Slot } from "./fleet.ts";
import type { FaultTools } from "./fault_tools.ts";
import { AT_RANDOM, KILL_POINTS, type KillPoint } from "./kill_points.ts";
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
  readonly counts = new Map<KillPoint, number>(KILL_POINTS.map((point) => [point, 0]));

  /** @param wanted how many kills there are to be. */
  constructor(tools: FaultTools, wanted: number) {
    this.#tools = tools;
    this.#wanted = wanted;
    this.#deck = new Deck(tools.chance.of("points"));
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
      const point = await this.#killAt(this.#deck.next(), program, tools);
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
  readonly #chance: Chance;
  #left: KillPoint[] = [];

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  next(): KillPoint {
    const point = this.#left.pop();
    if (point !== undefined) return point;
    this.#left = this.#chance.shuffled(KILL_POINTS);
    return this.next();
  }
}
