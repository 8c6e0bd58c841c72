import type { Chance } from "../../harness/chance.ts";
import { pause } from "../../harness/pause.ts";
import type { Chains } from "../chains.ts";
import type { FeishuControl } from "../feishu_control.ts";
import { MOVE_SECONDS } from "../nemesis.ts";
import type { Epochs } from "./epochs.ts";

const LOGINS_FOR_MS = { least: 18_000, most: 32_000 };
const MOVES_AT_A_TIME = 12;
const MOVE_EVERY_MS = { least: 900, most: 1_800 };

/**
 * Lets time pass in turns with logins: most of a day at a time, in steps that make every pair stale. In a run of some
 * minutes each grant so becomes due for keep-alive. Returns the number of steps.
 */
export async function letDaysPass(
  feishu: FeishuControl,
  chains: Chains,
  epochs: Epochs,
  chance: Chance,
  signal: AbortSignal,
): Promise<number> {
  while (!signal.aborted) {
    await pause(chance.between(LOGINS_FOR_MS.least, LOGINS_FOR_MS.most), signal);
    await epochs.without(async () => {
      for (let moves = 0; moves < MOVES_AT_A_TIME && !signal.aborted; moves++) {
        await feishu.advance(MOVE_SECONDS);
        chains.age++;
        await pause(chance.between(MOVE_EVERY_MS.least, MOVE_EVERY_MS.most), signal);
      }
    });
  }
  return chains.age;
}
