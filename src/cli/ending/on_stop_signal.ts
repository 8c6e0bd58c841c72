import type { Platform } from "../../platform.ts";

/**
 * Time for which further signals are taken for the same key press. A terminal signals the whole process group, and
 * `deno task` and `npx` pass the signal on to this program once or twice more.
 */
const SAME_PRESS_MS = 1000;

/** Options of {@linkcode onStopSignal}. */
export interface StopSignalOptions {
  /** Source of signals and of the time. */
  readonly platform: Pick<Platform, "onSignal"> & { readonly clock: Pick<Platform["clock"], "monotonic"> };
  /** Called at the first signal: the program is to finish what is in progress, and end. */
  readonly onStop: () => void;
  /** Called at each signal more than a second after the first: the program is to end at once. */
  readonly onEndAtOnce: () => void;
}

/** Handles the signals that stop a program with work to finish. Returns what ends that. */
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
