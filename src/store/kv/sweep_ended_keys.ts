import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { endedKey, ENDS_PREFIX, SWEPT_KEY } from "./end_key.ts";
import type { AtomicKv } from "./atomic_kv.ts";

/** Pause between sweeps, in milliseconds: ends are far apart, so once a day is enough. */
const SWEEP_EVERY_MS = 24 * 60 * 60 * 1_000;
/** Pause before the first sweep, in milliseconds: short-lived commands do not sweep. */
const FIRST_SWEEP_AFTER_MS = 60_000;
const DELETE_DEADLINE_MS = 5_000;

/**
 * Deletes the keys that have ended, by the ends that {@linkcode noteEnds} wrote: a minute after the start and then
 * once a day, until `signal` is aborted. Only one process of a store does so within a day. After a failure the next
 * day's sweep deletes them.
 */
export async function keepSweeping(options: SweepOptions, signal: AbortSignal): Promise<void> {
  const { clock, log } = options;
  for (let pauseMs = FIRST_SWEEP_AFTER_MS;; pauseMs = SWEEP_EVERY_MS) {
    await clock.sleep(pauseMs, signal).catch(() => {});
    if (signal.aborted) return;
    try {
      if (await isDue(options)) await sweepEndedKeys(options, signal);
      else log.debug("ended keys swept by another process");
    } catch (error) {
      log.debug("ended keys not swept", { error: String(error) });
    }
  }
}

/** What {@linkcode keepSweeping} needs. */
export interface SweepOptions {
  /** The database. */
  readonly kv: AtomicKv;
  /** Tells which keys have ended. */
  readonly clock: Clock;
  /** Told how many keys were deleted, or why none were. */
  readonly log: Log;
}

/** Deletes each key that has ended, unless it is written again meanwhile; until `signal` is aborted. */
export async function sweepEndedKeys({ kv, clock, log }: SweepOptions, signal?: AbortSignal): Promise<void> {
  const nowMs = clock.now();
  let deleted = 0;
  for await (const end of kv.list(ENDS_PREFIX)) {
    if (signal?.aborted) break;
    if (typeof end.value !== "number" || end.value > nowMs) continue;
    const { kind } = await kv.commit({
      checks: [{ key: end.key, versionstamp: end.versionstamp }],
      deletes: [endedKey(end.key), end.key],
      deadlineMs: DELETE_DEADLINE_MS,
    });
    if (kind === "unknown") break;
    if (kind === "ok") deleted++;
  }
  log.debug("ended keys swept", { deleted });
}

/** Whether nobody has swept within a day; claims the sweep for this process. */
async function isDue({ kv, clock }: SweepOptions): Promise<boolean> {
  const [swept] = await kv.getMany([SWEPT_KEY]);
  const sinceMs = clock.now() - (typeof swept?.value === "number" ? swept.value : -Infinity);
  // A time in the future: the clock was set back. Waiting until it has caught up could mean years without a sweep.
  if (sinceMs >= 0 && sinceMs < SWEEP_EVERY_MS) return false;
  const { kind } = await kv.commit({
    checks: [{ key: SWEPT_KEY, versionstamp: swept?.versionstamp ?? null }],
    sets: [{ key: SWEPT_KEY, value: clock.now() }],
    deadlineMs: DELETE_DEADLINE_MS,
  });
  return kind === "ok";
}
