import type { FeishuControl } from "../chaos/feishu_control.ts";
import { pause } from "../harness/pause.ts";

const CALL_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 10;

/** Waits until Feishu has received `count` refreshes of the program that it knows as `client`; `false` when it has not in time. */
export async function refreshesAtFeishu(
  feishu: FeishuControl,
  client: string,
  count: number,
): Promise<boolean> {
  const untilMs = performance.now() + CALL_WITHIN_MS;
  while (performance.now() < untilMs) {
    const calls = await feishu.calls(0, client);
    if (calls.filter(({ presented }) => presented !== undefined).length >= count) return true;
    await pause(LOOK_EVERY_MS);
  }
  return false;
}
