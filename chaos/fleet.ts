import type { Chance } from "../harness/chance.ts";
import { ChaosError } from "./chaos_error.ts";
import type { ChaosHistory } from "./chaos_history.ts";
import { environmentOf } from "../harness/children.ts";
import type { FeishuControl } from "./feishu_control.ts";
import { pause } from "../harness/pause.ts";
import { ServerProgram } from "./server_program.ts";
import type { ChaosMachine, ChaosStore } from "./store/chaos_store.ts";

/** By how many seconds a process's wall clock is wrong. Most are right. */
const SKEWS_SECONDS = [0, 0, 0, 0, -90, 90, -600, 600];
/** With logins: to a process whose clock is 20 minutes ahead of another's, a device code of that one has ended. */
const LOGIN_SKEWS_SECONDS = [0, 0, 0, -90, 90];
/** After so many starts in a row that failed while the store worked, something else is wrong. */
const STARTS_TRIED = 5;
const START_AGAIN_MS = 200;
const NONE_AWAKE_MS = 10;

/** What a {@linkcode Fleet} needs. */
export interface FleetOptions {
  readonly feishu: FeishuControl;
  readonly store: ChaosStore;
  readonly history: ChaosHistory;
  readonly chance: Chance;
  readonly denoDir: string;
  /** What the servers seal with. */
  readonly serverKey: string;
  /** Whether people log in. */
  readonly hasLogins: boolean;
  /** Called with each line that a server logs. */
  readonly onLine: (line: string) => void;
}

/** Where and how a server is started, again after each kill. */
export interface Slot {
  readonly name: string;
  readonly machine: ChaosMachine;
  readonly isStdio: boolean;
  /**
   * Whether callers leave it alone: only the fault that started it asks it. Stopped while it writes to a file for others,
   * it would keep SQLite's lock for as long.
   */
  readonly isAside?: boolean;
}

/** The server processes. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #programs = new Map<ServerProgram, Slot>();
  #started = 0;
  #isClosed = false;
  /** Starts that ended before the server served: it says so and ends when the store is away. */
  failedStarts = 0;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** The places of `count` servers, over the machines in turn; every fourth serves standard streams. */
  slots(count: number): Slot[] {
    const { machines } = this.#options.store;
    return Array.from({ length: count }, (_, index) => ({
      name: `p${index + 1}`,
      machine: machines[index % machines.length] ?? machines[0],
      isStdio: index % 4 === 3,
    }));
  }

  /** Starts the process called `name`, again while the store keeps it from starting, as an MCP host would. */
  async start(slot: Slot, isExact = false): Promise<ServerProgram> {
    const { name, machine, isStdio } = slot;
    const { feishu, store, history, chance, denoDir, serverKey, hasLogins, onLine } = this.#options;
    const skews = hasLogins ? LOGIN_SKEWS_SECONDS : SKEWS_SECONDS;
    const env = { ...await environmentOf(machine.home, denoDir), ...store.env, FEISHU_TOKEN_KEY: serverKey };
    for (let failures = 0;;) {
      this.#started++;
      const life = history.born(`${name}.${this.#started}`, machine.name);
      const skewSeconds = isExact ? 0 : chance.pick(skews);
      const ownUrl = await feishu.addressFor(life.name, skewSeconds);
      const startedMs = performance.now();
      try {
        const program = await ServerProgram.start({
          ...{ life, isStdio, ownUrl, env, onLine },
          feishuUrl: feishu.url,
          kv: store.kv,
        });
        history.logs.set(life.name, program.log);
        this.#programs.set(program, slot);
        if (!this.#isClosed) return program;
        await this.kill(program);
        throw new ChaosError("No process is started any more");
      } catch (error) {
        life.killedMs = performance.now();
        this.failedStarts++;
        if (!history.hadOutageSince(startedMs)) failures++;
        if (failures >= STARTS_TRIED || this.#isClosed || !(error instanceof ChaosError)) throw error;
        await pause(START_AGAIN_MS);
      }
    }
  }

  /** Those that callers can ask now. */
  get awake(): ServerProgram[] {
    return [...this.#programs].flatMap(([program, { isAside = false }]) =>
      program.isAlive && !program.isStopped && !isAside ? [program] : []
    );
  }

  /** One that can be asked, by `chance`, and that is not `except`; waits while there is none. */
  async anyAwake(
    chance: Chance,
    signal: AbortSignal,
    except?: ServerProgram,
  ): Promise<ServerProgram | null> {
    while (!signal.aborted) {
      const awake = this.awake.filter((program) => program !== except);
      if (awake.length > 0) return chance.pick(awake);
      await pause(NONE_AWAKE_MS, signal);
    }
    return null;
  }

  /** Kills a process. Its address goes too, once its last request is through. */
  async kill(program: ServerProgram): Promise<void> {
    await program.kill();
    this.#programs.delete(program);
    await this.#options.feishu.removeAddress(program.life.name);
  }

  /** Kills every process. */
  async killAll(): Promise<void> {
    await Promise.all([...this.#programs.keys()].map((program) => this.kill(program)));
  }

  /** Kills every process, also those that are about to start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.killAll();
  }
}
