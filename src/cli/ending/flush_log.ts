import type { Platform } from "../../platform.ts";
import { within } from "../../concurrency/within.ts";

/** Longest wait for log lines at the end of the program. A reader that is slower is not reading. */
const FLUSH_MS = 1000;

/** Waits at most a second until standard error is written. */
export async function flushLog({ clock, stderr }: Platform): Promise<void> {
  await within(clock, FLUSH_MS, stderr.drained());
}
