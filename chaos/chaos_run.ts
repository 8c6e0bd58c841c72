import { defined } from "../src/defined.ts";
import { CallLog } from "./call_log.ts";
import { Callers } from "./callers.ts";
import { Chains } from "./chains.ts";
import { Chance } from "../harness/chance.ts";
import type { ChaosResult } from "./chaos_result.ts";
import type { ChaosOptions } from "./chaos_options.ts";
import { ChaosHistory } from "./chaos_history.ts";
import { countEvent, type EventCounts } from "./event_counts.ts";
import type { FeishuControl } from "./feishu_control.ts";
import { askForEveryChain } from "./final_questions.ts";
import { Fleet, type Slot } from "./fleet.ts";
import type { ObservedRun } from "./checker/observed_run.ts";
import { check } from "./checker/check.ts";
import { Killers } from "./killers.ts";
import type { FaultTools } from "./fault_tools.ts";
import { injectLongFaults, longFaultsIn } from "./long_faults.ts";
import { pause } from "../harness/pause.ts";
import type { ChaosStore } from "./store/chaos_store.ts";
import { ChaosLogins } from "./logins/chaos_logins.ts";
import { letDaysPass } from "./logins/let_days_pass.ts";
import type { StoreProbe } from "./store/store_probe.ts";
import { StoreSwitch } from "./store/store_switch.ts";
import { letTimePass, loseAnswers, stopProcesses, takeStoreAway } from "./nemesis.ts";

const CALLERS_PER_PROCESS = 4;
const FIRST_CHAINS = 12;
const SAY_EVERY_MS = 5_000;
/** More than any token lives. */
const ALL_STALE_SECONDS = 9_000;

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
  readonly #logins: ChaosLogins | undefined;

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
      hasLogins: options.logins,
      onLine: (line) => countEvent(this.#events, line),
    });
    this.#chains = new Chains(feishu, chance.of("chains"));
    this.#callers = new Callers(this.#fleet, this.#chains, history);
    this.#logins = options.logins ? new ChaosLogins(feishu, this.#fleet, this.#callers) : undefined;
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
      logins: this.#logins?.tools,
      journalOf: (machine) => store.machines.find(({ name }) => name === machine)?.journal ?? "",
    };
    this.#killers = new Killers(this.#tools, options.kills);
  }

  /** Injects the faults, ends them, asks for every chain once more, and checks the history. */
  async toItsEnd(signal: AbortSignal): Promise<ChaosResult> {
    const { options, feishu, say } = this.#environment;
    const startedMs = performance.now();
    await feishu.behave(options.behaviour);
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
      ...defined({
        logins: this.#logins?.observed(options.behaviour.second_login_kills_first ?? false),
      }),
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
      deviceLogins: this.#logins?.tools.history.counts,
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
    const logins = this.#logins;
    const time = logins === undefined
      ? letTimePass(feishu, this.#chains, chance("time"), either)
      : letDaysPass(feishu, this.#chains, logins.tools.epochs, chance("time"), either);
    either.addEventListener("abort", () => logins?.end());
    const nemesis = Promise.all([
      loseAnswers(feishu, chance("answers"), either),
      stopProcesses(this.#fleet, chance("stops"), either),
      time,
      logins?.run({ ...first, name: "host", isStdio: true }, chance),
      takeStoreAway(this.#store, chance("store"), either),
      this.#calls.keepUp(either),
      this.#tellProgress(either),
      ...Array.from(
        { length: CALLERS_PER_PROCESS * options.processes },
        (_, index) =>
          this.#callers.askOn(
            chance(`caller ${index}`),
            either,
            logins === undefined ? undefined : (chance, signal) => logins.askForSomeone(chance, signal),
          ),
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
      const [faults, stops, moves, hostKills = 0] = await nemesis;
      return { longFaults, nemesisEvents: { faults, stops, moves, hostKills } };
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
    await this.#logins?.finishAll(this.#chance.of("end"), new AbortController().signal);
    await feishu.advance(ALL_STALE_SECONDS);
    const chains = this.#chains.close();
    const families = (await feishu.families()).filter(({ redeemed }) => redeemed === undefined);
    const [finals] = await Promise.all([
      askForEveryChain(chains, this.#chains.age, families, programs, this.#callers),
      this.#logins?.askForEveryone(programs.slice(0, 2)),
    ]);
    return finals;
  }

  async #tellProgress(signal: AbortSignal): Promise<void> {
    const { options, say } = this.#environment;
    for (;;) {
      await pause(SAY_EVERY_MS, signal);
      if (signal.aborted) return;
      const { takeovers, replays } = this.#events;
      say(
        `${this.#killers.done} of ${options.kills} kills, ${takeovers} takeovers, ${replays} pairs from a journal, ` +
          `${this.#chains.count + (this.#logins?.tools.history.counts.logins ?? 0)} logins`,
      );
    }
  }

  /** Kills every process that still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#fleet.close();
  }
}
