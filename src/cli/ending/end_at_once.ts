import type { Platform } from "../../platform.ts";
import { flushLog } from "./flush_log.ts";

/** Exit code of a program that a signal ended, by convention 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130;

/** Ends the program without finishing its work, after at most a second for writing the log. */
export function endAtOnce(platform: Platform): void {
  void flushLog(platform).then(() => platform.exit(EXIT_INTERRUPTED));
}
