import assert from "node:assert/strict";
import { shownDistance, shownTime } from "../../../src/cli/logins/shown_time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

Deno.test.each<[number, string, string]>([
  [0, "in 0 s", "0 秒后"],
  [59_400, "in 59 s", "59 秒后"],
  [59_999, "in 1 min", "1 分钟后"],
  [MINUTE_MS, "in 1 min", "1 分钟后"],
  [HOUR_MS - 1, "in 1 h", "1 小时后"],
  [2 * HOUR_MS, "in 2 h", "2 小时后"],
  [2 * HOUR_MS + 5 * MINUTE_MS, "in 2 h 5 min", "2 小时 5 分钟后"],
  [47 * HOUR_MS, "in 47 h", "47 小时后"],
  [49 * HOUR_MS, "in 2 days", "2 天后"],
  [7 * 24 * HOUR_MS - 1, "in 7 days", "7 天后"],
  [-3 * MINUTE_MS, "3 min ago", "3 分钟前"],
])("shownDistance() of %i ms is %s", (ms, en, zh) => {
  assert.deepEqual(shownDistance(ms), { en, zh });
});

Deno.test("shownTime() tells the time of the wall where the user is, and how far it is", () => {
  const nowMs = Date.UTC(2026, 0, 1, 20, 0);
  assert.deepEqual(shownTime(nowMs + HOUR_MS, { nowMs, timeZone: "Asia/Shanghai" }), {
    en: "2026-01-02 05:00 (in 1 h)",
    zh: "2026-01-02 05:00（1 小时后）",
  });
});
