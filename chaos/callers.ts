import { tokenHash } from "../src/sandbox/token_hash.ts";
import { Answers } from "./answers.ts";
import type { Chain, Chains } from "./chains.ts";
import type { Chance } from "../harness/chance.ts";
import type { ChaosHistory } from "./chaos_history.ts";
import type { Fleet } from "./fleet.ts";
import { ranMs } from "./checker/life.ts";
import { pause } from "../harness/pause.ts";
import type { ServerProgram } from "./server_program.ts";
import type { Question, ToolAnswer } from "./tool_answer.ts";

/** A server answers within 50 s whatever happens; a busy machine is given more. */
export const ANSWER_WITHIN_MS = 60_000;
const APP_SHARE = 0.25;
const INSTEAD_SHARE = 0.4;
const THINK_MS = { least: 30, most: 200 };
/** For how long a caller may have waited for a process that was stopped. */
const STOPPED_AT_MOST_MS = 120_000;
/** Where a chain is lost and fewer than so many are left, a new one is begun. */
const LEAST_CHAINS = 12;

/** All callers of the servers: those that ask at random, and those that faults start. */
export class Callers {
  readonly answers = new Answers();
  readonly #fleet: Fleet;
  readonly #chains: Chains;
  readonly #history: ChaosHistory;
  readonly #underWay = new Set<Promise<unknown>>();

  /** @param fleet the servers. */
  constructor(fleet: Fleet, chains: Chains, history: ChaosHistory) {
    this.#fleet = fleet;
    this.#chains = chains;
    this.#history = history;
  }

  /**
   * Asks one question after another, each of any process that is awake, until `signal` is aborted.
   *
   * @param instead asked now and then in the place of that.
   */
  async askOn(
    chance: Chance,
    signal: AbortSignal,
    instead?: (chance: Chance, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    while (!signal.aborted) {
      await pause(chance.between(THINK_MS.least, THINK_MS.most), signal);
      if (instead !== undefined && chance.fraction() < INSTEAD_SHARE) {
        await instead(chance, signal);
        continue;
      }
      const chain = chance.fraction() < APP_SHARE ? null : this.#chains.any(chance);
      // A process that is killed meanwhile owes no answer; another one is asked the same.
      for (let answer: ToolAnswer = { kind: "killed" }; answer.kind === "killed";) {
        const program = await this.#fleet.anyAwake(chance, signal);
        if (program === null) return;
        answer = chain === null
          ? await this.askForApp(program)
          : await this.ask(program, chain, chain.presentable(chance));
      }
    }
  }

  /** Asks without waiting for the answer. */
  soon(ask: () => Promise<unknown>): void {
    const asking = ask().finally(() => this.#underWay.delete(asking));
    this.#underWay.add(asking);
  }

  /** Resolves when every question of {@linkcode Callers.soon} is answered. Rejects with the first error. */
  async drain(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Asks `program` for an app token. */
  askForApp(program: ServerProgram): Promise<ToolAnswer> {
    return this.question(program, { tool: "get_feishu_app_token", args: {} });
  }

  /** Asks `program`, and counts its answer. */
  question(program: ServerProgram, question: Question): Promise<ToolAnswer> {
    return this.#counted(program, (signal) => program.ask(question, signal));
  }

  /** Presents a refresh token of `chain` to `program`. */
  async ask(program: ServerProgram, chain: Chain, token: string): Promise<ToolAnswer> {
    const question = { tool: "refresh_feishu_user_token", args: { refresh_token: token } } as const;
    chain.waiting++;
    const answer = await this.question(program, question);
    chain.waiting--;
    if (answer.kind === "pair") {
      this.#history.served.add(tokenHash(answer.refreshToken));
      this.#chains.received(chain, token, answer.refreshToken);
    }
    const isUnknown = answer.kind === "pair" ? answer.isUnknown : isUnknownError(answer);
    if (isUnknown && !chain.isBorrowed) await this.#chains.retire(chain, LEAST_CHAINS);
    return answer;
  }

  async #counted(
    program: ServerProgram,
    ask: (signal: AbortSignal) => Promise<ToolAnswer>,
  ): Promise<ToolAnswer> {
    const fromMs = performance.now();
    const ran = (): number => ranMs(program.life, fromMs, performance.now());
    const done = new AbortController();
    const late = new AbortController();
    const watching = (async (): Promise<void> => {
      const untilMs = fromMs + STOPPED_AT_MOST_MS;
      while (!done.signal.aborted && ran() < ANSWER_WITHIN_MS && performance.now() < untilMs) {
        await pause(ANSWER_WITHIN_MS - ran(), done.signal);
      }
      late.abort(new Error("No answer in time"));
    })();
    const answer = await ask(late.signal);
    const tookMs = ran();
    done.abort();
    await watching;
    this.answers.count(answer, tookMs);
    return answer;
  }
}

/** Whether an error says that a pair may be lost. */
function isUnknownError(answer: ToolAnswer): boolean {
  return answer.kind === "error" && answer.code === "rotation_outcome_unknown";
}
