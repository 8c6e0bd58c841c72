import type { Platform } from "../../platform.ts";

/**
 * How long signals after the first are taken for the same key press: a terminal signals the whole process group, and
 * `deno task` and `npx` send the signal on to this program once more, or twice.
 */
const SAME_PRESS_MS = 1000;

/** What signals do to a program that has something to finish. */
export interface StopSignalOptions {
  /** Where signals and the time come from. */
  readonly platform: Pick<Platform, "onSignal"> & { readonly clock: Pick<Platform["clock"], "monotonic"> };
  /** Called at the first signal: the program is to finish what is under way, and end. */
  readonly onStop: () => void;
  /** Called at each signal that comes more than a second after the first: the program is to end at once. */
  readonly onEndAtOnce: () => void;
}

/** Handles the signals that stop a program. Returns what ends that. */
export function onStopSignal({ platform, onStop, onEndAtOnce }: StopSignalOptions): () => void {
  let firstMs: number | undefined;
  return platform.onSignal(() => {
    const nowMs = platform.clock.monotonic();
    if (firstMs === undefined) {
      firstMs = nowMs;
      onStop();
    } else if (nowMs - firstMs > SAME_PRESS_MS) {
      onEndAtOnce();
    }
  });
}
