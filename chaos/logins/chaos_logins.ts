import type { Chance } from "../../harness/chance.ts";
import { pause } from "../../harness/pause.ts";
import type { Callers } from "../callers.ts";
import type { ObservedLogins } from "../checker/observed_logins.ts";
import type { FeishuControl } from "../feishu_control.ts";
import type { Fleet, Slot } from "../fleet.ts";
import { PASSING_ERRORS } from "../passing_errors.ts";
import type { ServerProgram } from "../server_program.ts";
import { Epochs } from "./epochs.ts";
import { LoginCallers } from "./login_callers.ts";
import { LoginHistory } from "./login_history.ts";
import { askForSomeone, logInAndOut, type LoginTools } from "./login_work.ts";
import { People } from "./people.ts";
import { startAndKill } from "./short_host.ts";

const PEOPLE = 30;
const SLEEPERS = 4;
const WORKERS = 5;
const ASK_AGAIN_MS = 500;
/** Longer than any lease or pause that a fault has left behind. */
const ASK_FOR_MS = 150_000;

/** The logins of a run: who logs in and out, and what they were told. */
export class ChaosLogins {
  /** What kill points use. */
  readonly tools: LoginTools;
  readonly #over = new AbortController();
  readonly #fleet: Fleet;
  #finalFromMs = Infinity;

  /** @param fleet the servers. */
  constructor(feishu: FeishuControl, fleet: Fleet, callers: Callers) {
    const history = new LoginHistory();
    this.#fleet = fleet;
    this.tools = {
      people: new People(PEOPLE, SLEEPERS),
      history,
      callers: new LoginCallers({ feishu, fleet, callers, history }),
      epochs: new Epochs(),
      over: this.#over.signal,
    };
  }

  /** Logs people in and out until {@linkcode ChaosLogins.end}. Returns how often a host has killed its server. */
  async run(host: Slot, chance: (name: string) => Chance): Promise<number> {
    const workers = Array.from(
      { length: WORKERS },
      (_, index) => logInAndOut(this.tools, chance(`login worker ${index}`)),
    );
    const killed = startAndKill(host, this.#fleet, this.tools, chance("host"));
    await Promise.all(workers);
    return await killed;
  }

  /** Ends {@linkcode ChaosLogins.run}. */
  end(): void {
    this.#over.abort(new Error("The kills are over"));
  }

  /** Asks any process for anyone's token. */
  async askForSomeone(chance: Chance, signal: AbortSignal): Promise<void> {
    await askForSomeone(this.tools, this.#fleet, chance, signal);
  }

  /** When every fault is over: brings each login to its end that has none. The clock has not moved since it began. */
  async finishAll(chance: Chance, signal: AbortSignal): Promise<void> {
    const { people, history, callers } = this.tools;
    await Promise.all(people.everyone.map(async (person) => {
      const login = history.lastOf(person);
      const isDecided = login?.approved !== undefined || login?.isDenied === true;
      const isOpen = login !== undefined && isDecided && login.outcomes.length === 0 && !login.isGivenUp;
      if (isOpen) await callers.settle(person, login, { chance, signal });
    }));
  }

  /** Asks each of `programs` for everyone's token, when every token is stale. */
  async askForEveryone(programs: readonly ServerProgram[]): Promise<void> {
    const { people, callers } = this.tools;
    this.#finalFromMs = performance.now();
    await Promise.all(people.everyone.map(async (person) => {
      for (const program of programs) {
        const untilMs = performance.now() + ASK_FOR_MS;
        while (performance.now() < untilMs) {
          const answer = await callers.token(program, person, person.isIn === true);
          if (answer.kind !== "error" || !PASSING_ERRORS.has(answer.code)) break;
          await pause(ASK_AGAIN_MS);
        }
      }
    }));
  }

  /** For the checker. */
  observed(killsEarlier: boolean): ObservedLogins {
    const sleepers = this.tools.people.everyone.filter(({ isSleeper }) => isSleeper);
    return this.tools.history.observed({
      killsEarlier,
      finalFromMs: this.#finalFromMs,
      sleepers: new Set(sleepers.map(({ openId }) => openId)),
    });
  }
}
