/** A time during which a process was stopped by SIGSTOP. */
export interface Stop {
  /** When the signal was about to be sent. */
  readonly fromMs: number;
  /** When SIGCONT was about to be sent; absent while it is stopped, or for good where it was killed so. */
  toMs?: number;
}

/** One process of the server, from its start to its end. Times are milliseconds of the harness's monotonic clock. */
export interface Life {
  /** One a process; the sandbox knows it under this name. */
  readonly name: string;
  /** Which journal folder it has: processes of one machine see each other's. */
  readonly machine: string;
  /** When SIGKILL was about to be sent. */
  killedMs?: number;
  /** At which point of a renewal it was killed, in words. */
  killedAt?: string;
  /** Oldest first. */
  readonly stops: Stop[];
}

/** For how long the process has really run between two times. */
export function ranMs(life: Life, fromMs: number, toMs: number): number {
  const endMs = Math.min(toMs, life.killedMs ?? Infinity);
  const stopped = life.stops.reduce(
    (sum, stop) => sum + overlapMs(stop.fromMs, stop.toMs ?? Infinity, fromMs, endMs),
    0,
  );
  return Math.max(0, endMs - fromMs) - stopped;
}

function overlapMs(fromMs: number, toMs: number, otherFromMs: number, otherToMs: number): number {
  return Math.max(0, Math.min(toMs, otherToMs) - Math.max(fromMs, otherFromMs));
}
