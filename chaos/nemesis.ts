import type { Chance } from "../harness/chance.ts";
import type { Chains } from "./chains.ts";
import type { Fault, FeishuControl } from "./feishu_control.ts";
import { APP_TOKEN_PATH, REFRESH_PATH } from "./feishu_paths.ts";
import type { Fleet } from "./fleet.ts";
import { pause } from "../harness/pause.ts";
import type { StoreSwitch } from "./store/store_switch.ts";

/** Faults of a single answer: the next call is answered as usual. */
const FAULTS: readonly Fault[] = [
  { kind: "drop_before", path: REFRESH_PATH },
  { kind: "drop_after", path: REFRESH_PATH },
  { kind: "drop_after", path: APP_TOKEN_PATH },
  { kind: "slow", path: REFRESH_PATH, ms: 400 },
  { kind: "slow", path: REFRESH_PATH, ms: 2_500 },
  { kind: "slow", path: APP_TOKEN_PATH, ms: 1_500 },
  { kind: "refuse", path: REFRESH_PATH },
  { kind: "refuse", path: REFRESH_PATH, code: 20072 },
  { kind: "rate_limit", path: REFRESH_PATH, ms: 1_000 },
  { kind: "http", path: REFRESH_PATH, status: 503 },
];
const FAULT_EVERY_MS = { least: 300, most: 1_800 };
/** More than any token lives, on the slowest of the clocks too: each move makes every pair stale. */
export const MOVE_SECONDS = 8_100;
const MOVE_EVERY_MS = { least: 1_200, most: 2_600 };
const STOP_EVERY_MS = { least: 1_500, most: 5_000 };
const STOPPED_MS = { least: 100, most: 3_500 };
const OUTAGE_EVERY_MS = { least: 700, most: 8_000 };
/** Most are short; some outlast the deadline of a claim, and that of a commit. */
const OUTAGE_MS = { short: 800, long: 7_000 };
const LONG_OUTAGES = 0.2;

/** Lets the answers of single calls go wrong. Returns how many. */
export async function loseAnswers(
  feishu: FeishuControl,
  chance: Chance,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  while (await waited(FAULT_EVERY_MS, chance, signal)) {
    await feishu.setFault({ ...chance.pick(FAULTS), times: 1 });
    count++;
  }
  return count;
}

/** Moves the clock of Feishu and of all processes, so that every pair is stale and every app token over. Returns how often. */
export async function letTimePass(
  feishu: FeishuControl,
  chains: Chains,
  chance: Chance,
  signal: AbortSignal,
): Promise<number> {
  while (await waited(MOVE_EVERY_MS, chance, signal)) {
    await feishu.advance(MOVE_SECONDS);
    chains.age++;
  }
  return chains.age;
}

/** Stops processes for less than a lease. Returns how often. */
export async function stopProcesses(fleet: Fleet, chance: Chance, signal: AbortSignal): Promise<number> {
  let count = 0;
  while (await waited(STOP_EVERY_MS, chance, signal)) {
    const [program] = chance.shuffled(fleet.awake);
    if (program === undefined) continue;
    program.stop();
    await pause(chance.between(STOPPED_MS.least, STOPPED_MS.most), signal);
    program.goOn();
    count++;
  }
  return count;
}

/** Makes the store fail for a while, in each of its ways in turn. */
export async function takeStoreAway(store: StoreSwitch, chance: Chance, signal: AbortSignal): Promise<void> {
  // The first in the list comes last: kill points use it too.
  const turns = store.troubles.toReversed();
  for (let turn = 0; await waited(OUTAGE_EVERY_MS, chance, signal); turn++) {
    const ms = chance.between(0, chance.fraction() < LONG_OUTAGES ? OUTAGE_MS.long : OUTAGE_MS.short);
    await store.during(() => pause(ms, signal), turns[turn % turns.length]);
  }
}

/** Waits for a random time; `false` when the run is over. */
async function waited(
  ms: { readonly least: number; readonly most: number },
  chance: Chance,
  signal: AbortSignal,
): Promise<boolean> {
  await pause(chance.between(ms.least, ms.most), signal);
  return !signal.aborted;
}
