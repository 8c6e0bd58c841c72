import type { FeishuControl } from "./feishu_control.ts";
import type { ObservedCall } from "./checker/observed_call.ts";
import { pause } from "../harness/pause.ts";

/** How often one process's calls are read while a fault waits for one. */
const LOOK_EVERY_MS = 4;
/** How often all calls are collected; the sandbox forgets the oldest of ten thousand. */
const COLLECT_EVERY_MS = 1_000;

/** Every call that the simulated Feishu has received. */
export class CallLog {
  readonly #feishu: FeishuControl;
  readonly #calls = new Map<number, ObservedCall>();

  constructor(feishu: FeishuControl) {
    this.#feishu = feishu;
  }

  /** Collects again and again until `signal` is aborted. */
  async keepUp(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.collect();
      await pause(COLLECT_EVERY_MS, signal);
    }
  }

  /** Collects new calls, and the outcomes of those that were under way. Returns all, in the order of their arrival. */
  async collect(): Promise<readonly ObservedCall[]> {
    const open = this.#calls.values().find((call) => call.end === undefined || call.outcome === "pending");
    const after = open === undefined ? this.#calls.size : open.seq - 1;
    for (const call of await this.#feishu.calls(after)) this.#calls.set(call.seq, call);
    return [...this.#calls.values()];
  }

  /** Waits for a call of `process` that fits; `null` when `signal` is aborted first. */
  async callBy(
    process: string,
    fits: (call: ObservedCall) => boolean,
    signal: AbortSignal,
  ): Promise<ObservedCall | null> {
    while (!signal.aborted) {
      const found = (await this.#feishu.calls(0, process)).find(fits);
      if (found !== undefined) return found;
      await pause(LOOK_EVERY_MS);
    }
    return null;
  }
}
