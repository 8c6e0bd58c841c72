import { APP_TOKEN_PATH, REFRESH_PATHS } from "./feishu_paths.ts";
import type { Slot } from "./fleet.ts";
import type { Chain } from "./chains.ts";
import { hasIssued, isRefresh, type ObservedCall } from "./checker/observed_call.ts";
import type { FaultTools } from "./fault_tools.ts";
import { pause } from "../harness/pause.ts";
import type { ServerProgram } from "./server_program.ts";

/** Beyond the life of a lease, 40 s, and what others need to see that it is over. */
const STOPPED_MS = 44_000;
/** Beyond the 30 s and the 10 s after which a call is given up, and a short stop that falls on that moment. */
const SLOW_SPENDING_MS = 36_000;
const SLOW_APP_MS = 16_000;
const HELD_WITHIN_MS = 20_000;
/** Each takes most of a minute. */
const AT_ONCE = 2;
/** A pair may turn out to be fresh, or the store to be away. */
const TRIES = 3;
/** How many other processes are asked for the same chain meanwhile. */
const RIVALS = 2;
/** Long enough for the first one to have claimed. */
const RIVALS_AFTER_MS = 500;

/** The faults that take most of a minute each. They happen during the kills, to processes that are not killed meanwhile. */
export interface LongFaultCounts {
  /** Processes stopped by SIGSTOP for longer than their lease. */
  stops: number;
  /** Calls for a user token that Feishu answers after they were given up. */
  slowRefreshes: number;
  /** The same for app tokens. */
  slowAppTokens: number;
}

/** How many a run of so many kills has: none where it is over before they are. */
export function longFaultsIn(kills: number): LongFaultCounts {
  return {
    stops: Math.floor(kills / 100),
    slowRefreshes: Math.floor(kills / 100),
    slowAppTokens: Math.floor(kills / 100),
  };
}

/** Injects the `wanted` faults, a few at a time. Returns how many succeeded. */
export async function injectLongFaults(
  wanted: LongFaultCounts,
  slots: { readonly stopped: Slot; readonly patient: Slot },
  tools: FaultTools,
  signal: AbortSignal,
): Promise<LongFaultCounts> {
  const counts = { stops: 0, slowRefreshes: 0, slowAppTokens: 0 };
  const stops = inTurns(wanted.stops, async (index) => {
    for (let tries = 0; tries < TRIES && !signal.aborted; tries++) {
      if (!await stopBeyondLease(slots.stopped, index % 2 === 0, tools, signal)) continue;
      counts.stops++;
      break;
    }
  });
  const slow = async (): Promise<void> => {
    if (wanted.slowRefreshes === 0) return;
    const patient = await tools.fleet.start(slots.patient);
    await inTurns(wanted.slowRefreshes, async () => {
      await answerTooLate(patient, tools);
      counts.slowRefreshes++;
    });
  };
  const slowApps = async (): Promise<void> => {
    for (; counts.slowAppTokens < wanted.slowAppTokens && !signal.aborted; counts.slowAppTokens++) {
      await tools.feishu.setFault({ kind: "slow", path: APP_TOKEN_PATH, ms: SLOW_APP_MS, times: 1 });
      await pause(2 * SLOW_APP_MS, signal);
    }
  };
  await Promise.all([stops, slow(), slowApps()]);
  return counts;
}

/** Does `count` pieces of work, {@linkcode AT_ONCE} at a time. */
async function inTurns(count: number, work: (index: number) => Promise<void>): Promise<void> {
  const indexes = Array(count).keys();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const index of indexes) await work(index);
  }));
}

/**
 * Stops a process in the middle of a call for longer than its lease, then lets it go on. Feishu sends the answer while the
 * process is stopped, or handles the request only afterwards. Returns whether that succeeded.
 */
async function stopBeyondLease(
  slot: Slot,
  isAnswered: boolean,
  tools: FaultTools,
  signal: AbortSignal,
): Promise<boolean> {
  const { fleet, feishu, calls, chains, callers } = tools;
  const program = await fleet.start(slot);
  const chain = await chains.borrow();
  const client = program.life.name;
  const kind = isAnswered ? "hang_after" : "hang";
  const fault = await feishu.setFault({ kind, client, path: REFRESH_PATHS[chain.generation], times: 1 });
  try {
    const answered = new AbortController();
    const asked = callers.ask(program, chain, chain.newest).finally(() => answered.abort());
    const missed = AbortSignal.any([answered.signal, AbortSignal.timeout(HELD_WITHIN_MS)]);
    const isHeld = (call: ObservedCall): boolean =>
      isRefresh(call) && (isAnswered ? hasIssued(call) : call.outcome === "pending");
    if (await calls.callBy(client, isHeld, missed) === null) return false;
    program.stop();
    if (isAnswered) await feishu.clearFault(fault);
    askRivals(program, chain, tools);
    await pause(STOPPED_MS, signal);
    await feishu.clearFault(fault);
    program.goOn();
    await asked;
    return true;
  } finally {
    await feishu.clearFault(fault);
    chain.isBorrowed = false;
    await fleet.kill(program);
  }
}

/** Lets Feishu take longer over one refresh than `patient` waits. */
async function answerTooLate(patient: ServerProgram, tools: FaultTools): Promise<void> {
  const { feishu, chains, callers } = tools;
  const chain = await chains.borrow();
  const client = patient.life.name;
  await feishu.setFault({
    kind: "slow",
    client,
    path: REFRESH_PATHS[chain.generation],
    ms: SLOW_SPENDING_MS,
    times: 1,
  });
  const asked = callers.ask(patient, chain, chain.newest);
  await pause(RIVALS_AFTER_MS);
  askRivals(patient, chain, tools);
  await asked;
  chain.isBorrowed = false;
}

function askRivals(program: ServerProgram, chain: Chain, { fleet, callers, chance }: FaultTools): void {
  const others = fleet.awake.filter((each) => each !== program);
  for (const rival of chance.shuffled(others).slice(0, RIVALS)) {
    callers.soon(() => callers.ask(rival, chain, chain.newest));
  }
}
