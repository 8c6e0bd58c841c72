import type { Answers } from "./answers.ts";
import { CallLog } from "./call_log.ts";
import { Callers } from "./callers.ts";
import { Chains } from "./chains.ts";
import { Chance } from "../harness/chance.ts";
import type { ChaosOptions } from "./chaos_options.ts";
import { ChaosHistory } from "./chaos_history.ts";
import { countEvent, type EventCounts } from "./event_counts.ts";
import type { FeishuControl } from "./feishu_control.ts";
import { askForEveryChain } from "./final_questions.ts";
import { Fleet, type Slot } from "./fleet.ts";
import type { ObservedRun } from "./checker/observed_run.ts";
import { check, type CheckerResult } from "./checker/check.ts";
import type { Life } from "./checker/life.ts";
import { Killers } from "./killers.ts";
import type { FaultTools } from "./fault_tools.ts";
import type { LogLines } from "../harness/log_lines.ts";
import { injectLongFaults, type LongFaultCounts, longFaultsIn } from "./long_faults.ts";
import { pause } from "../harness/pause.ts";
import type { ChaosStore } from "./store/chaos_store.ts";
import type { StoreProbe } from "./store/store_probe.ts";
import { StoreSwitch } from "./store/store_switch.ts";
import { letTimePass, loseAnswers, stopProcesses, takeStoreAway } from "./nemesis.ts";

const CALLERS_PER_PROCESS = 4;
const FIRST_CHAINS = 12;
const SAY_EVERY_MS = 5_000;
/** More than any token lives. */
const ALL_STALE_SECONDS = 9_000;

/** What happened in a run, and what the checker found. */
export interface ChaosResult {
  readonly result: CheckerResult;
  /** Every process, by name. */
  readonly lives: ReadonlyMap<string, Life>;
  /** The last log lines of each process, by name. */
  readonly logs: ReadonlyMap<string, LogLines>;
  /** Kills by the name of the point. */
  readonly kills: ReadonlyMap<string, number>;
  readonly failedStarts: number;
  /** How often the store was made to fail, by the way in which it failed. */
  readonly outages: ReadonlyMap<string, number>;
  readonly events: EventCounts;
  readonly longFaults: LongFaultCounts;
  /** Single calls that were slow, refused or lost, stops shorter than a lease, moves of the clock. */
  readonly nemesisEvents: { readonly faults: number; readonly stops: number; readonly moves: number };
  readonly callers: number;
  readonly answers: Answers;
  readonly logins: number;
  readonly feishuCalls: number;
  readonly tookMs: number;
}

/** What a {@linkcode ChaosRun} runs on. All of it is up already. */
export interface ChaosEnvironment {
  readonly options: ChaosOptions;
  readonly store: ChaosStore;
  readonly probe: StoreProbe;
  readonly feishu: FeishuControl;
  readonly denoDir: string;
  readonly serverKey: string;
  readonly say: (line: string) => void;
}

/** One run: servers, callers and nemesis, then the final questions and the checker. */
export class ChaosRun implements AsyncDisposable {
  readonly #environment: ChaosEnvironment;
  readonly #chance: Chance;
  readonly #history = new ChaosHistory();
  readonly #events: EventCounts = { takeovers: 0, replays: 0, lateCommits: 0 };
  readonly #fleet: Fleet;
  readonly #chains: Chains;
  readonly #callers: Callers;
  readonly #calls: CallLog;
  readonly #store: StoreSwitch;
  readonly #killers: Killers;
  readonly #tools: FaultTools;

  constructor(environment: ChaosEnvironment) {
    const { options, store, probe, feishu, denoDir, serverKey } = environment;
    const chance = new Chance(options.seed);
    const history = this.#history;
    this.#environment = environment;
    this.#chance = chance;
    this.#fleet = new Fleet({
      feishu,
      store,
      history,
      chance: chance.of("clocks"),
      denoDir,
      serverKey,
      onLine: (line) => countEvent(this.#events, line),
    });
    this.#chains = new Chains(feishu, chance.of("chains"));
    this.#callers = new Callers(this.#fleet, this.#chains, history);
    this.#calls = new CallLog(feishu);
    this.#store = new StoreSwitch(store, history);
    this.#tools = {
      feishu,
      probe,
      chance: chance.of("faults"),
      calls: this.#calls,
      chains: this.#chains,
      callers: this.#callers,
      fleet: this.#fleet,
      store: this.#store,
      journalOf: (machine) => store.machines.find(({ name }) => name === machine)?.journal ?? "",
    };
    this.#killers = new Killers(this.#tools, options.kills);
  }

  /** Injects the faults, ends them, asks for every chain once more, and checks the history. */
  async toItsEnd(signal: AbortSignal): Promise<ChaosResult> {
    const { options, feishu, say } = this.#environment;
    const startedMs = performance.now();
    for (let count = 0; count < FIRST_CHAINS; count++) await this.#chains.add();
    const slots = this.#fleet.slots(options.processes);
    const injected = await this.#injectFaults(slots, signal);

    say("all faults are over, every process is started anew, every chain is asked for once more");
    const finals = await this.#askOnceMore(slots);
    const calls = await this.#calls.collect();
    const result = check({
      calls,
      families: await feishu.families(),
      lives: this.#history.lives,
      served: this.#history.served,
      outages: this.#history.outages,
      finals,
      nowMs: performance.now(),
    });
    return {
      ...injected,
      result,
      lives: this.#history.lives,
      logs: this.#history.logs,
      kills: new Map([...this.#killers.counts].map(([point, count]) => [point.name, count])),
      failedStarts: this.#fleet.failedStarts,
      outages: this.#store.counts,
      events: this.#events,
      callers: CALLERS_PER_PROCESS * options.processes,
      answers: this.#callers.answers,
      logins: this.#chains.count,
      feishuCalls: calls.length,
      tookMs: performance.now() - startedMs,
    };
  }

  async #injectFaults(
    slots: readonly Slot[],
    signal: AbortSignal,
  ): Promise<Pick<ChaosResult, "nemesisEvents" | "longFaults">> {
    const { options, feishu } = this.#environment;
    const over = new AbortController();
    const either = AbortSignal.any([over.signal, signal]);
    const chance = (name: string): Chance => this.#chance.of(name);
    const [first, second] = this.#fleet.slots(2);
    if (first === undefined || second === undefined) throw new RangeError("A fleet has slots");
    const long = {
      stopped: { ...first, name: "stopped", isAside: true },
      patient: { ...second, name: "patient" },
    };
    const kills = Promise.all([
      injectLongFaults(longFaultsIn(options.kills), long, this.#tools, either),
      ...slots.map((slot) => this.#killers.keepKilling(slot, either)),
    ]);
    const nemesis = Promise.all([
      loseAnswers(feishu, chance("answers"), either),
      stopProcesses(this.#fleet, chance("stops"), either),
      letTimePass(feishu, this.#chains, chance("time"), either),
      takeStoreAway(this.#store, chance("store"), either),
      this.#calls.keepUp(either),
      this.#tellProgress(either),
      ...Array.from(
        { length: CALLERS_PER_PROCESS * options.processes },
        (_, index) => this.#callers.askOn(chance(`caller ${index}`), either),
      ),
    ]);
    const interrupted = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => interrupted.reject(signal.reason));
    try {
      // An error in one of them fails the run at once, not when the others have ended.
      const [longFaults] = await Promise.race([kills, interrupted.promise, nemesis.then(() => kills)]);
      over.abort();
      // Callers that still wait get no answer: their processes end here.
      await this.#fleet.killAll();
      const [faults, stops, moves] = await nemesis;
      return { longFaults, nemesisEvents: { faults, stops, moves } };
    } catch (error) {
      over.abort();
      await this.#fleet.close();
      await Promise.allSettled([kills, nemesis]);
      throw error;
    }
  }

  /** Kills every process, ends every fault, starts the processes with right clocks, makes every chain stale, and asks for it. */
  async #askOnceMore(slots: readonly Slot[]): Promise<ObservedRun["finals"]> {
    const { feishu } = this.#environment;
    await this.#fleet.killAll();
    await this.#callers.drain();
    await feishu.clearFaults();
    const programs = await Promise.all(slots.map((slot) => this.#fleet.start(slot, true)));
    await feishu.advance(ALL_STALE_SECONDS);
    const chains = this.#chains.close();
    return await askForEveryChain(chains, this.#chains.age, await feishu.families(), programs, this.#callers);
  }

  async #tellProgress(signal: AbortSignal): Promise<void> {
    const { options, say } = this.#environment;
    for (;;) {
      await pause(SAY_EVERY_MS, signal);
      if (signal.aborted) return;
      const { takeovers, replays } = this.#events;
      say(
        `${this.#killers.done} of ${options.kills} kills, ${takeovers} takeovers, ${replays} pairs from a journal, ` +
          `${this.#chains.count} logins`,
      );
    }
  }

  /** Kills every process that still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#fleet.close();
  }
}
