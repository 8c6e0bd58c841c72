import type { Platform } from "../compose.ts";
import { within } from "../time/within.ts";

/** For log lines that wait to be written when the program ends. Whoever has not read them by then does not read. */
const FLUSH_MS = 1000;

/** Waits until standard error is written, at most a second. */
export async function flushLog({ clock, stderr }: Platform): Promise<void> {
  await within(clock, FLUSH_MS, stderr.drained());
}
