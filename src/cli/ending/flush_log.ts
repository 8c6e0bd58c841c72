import type { Platform } from "../../platform.ts";
import { within } from "../../concurrency/within.ts";

/** Given to log lines that wait when the program ends. A reader that has not taken them by then is not reading. */
const FLUSH_MS = 1000;

/** Waits until standard error is written, at most a second. */
export async function flushLog({ clock, stderr }: Platform): Promise<void> {
  await within(clock, FLUSH_MS, stderr.drained());
}
