import type { Platform } from "../compose.ts";
import { flushLog } from "./flush_log.ts";

/**
 * How long signals after the first are taken for the same key press: a terminal signals the whole process group, and
 * `deno task` and `npx` send the signal on to this program once more, or twice.
 */
const SAME_PRESS_MS = 1000;
/** Exit code after a second signal, by convention 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

/** What signals do to a program that has something to finish. */
export interface StopSignalOptions {
  /** Everything real. */
  readonly platform: Platform;
  /** Called at the first signal: the program is to finish what is under way, and end. */
  readonly onStop: () => void;
  /** Called at the first signal that comes more than a second later: says what it costs that the program ends at once. */
  readonly onEndAtOnce: () => void;
}

/** Handles the signals that stop a program. Returns what ends that. */
export function onStopSignal({ platform, onStop, onEndAtOnce }: StopSignalOptions): () => void {
  let firstMs: number | undefined;
  let isEnding = false;
  return platform.onSignal(() => {
    const nowMs = platform.clock.monotonic();
    if (firstMs === undefined) {
      firstMs = nowMs;
      onStop();
    } else if (nowMs - firstMs > SAME_PRESS_MS && !isEnding) {
      isEnding = true;
      onEndAtOnce();
      void flushLog(platform).then(() => platform.exit(EXIT_INTERRUPTED));
    }
  });
}
