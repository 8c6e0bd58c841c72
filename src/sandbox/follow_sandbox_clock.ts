import * as z from "zod";
import type { OffsetClock } from "./offset_clock.ts";

/** Longest wait for an answer, in milliseconds: the sandbox holds a poll for 25 s. */
const POLL_TIMEOUT_MS = 35_000;

/** Pause after a failure, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

const Reading = z.object({ offset_seconds: z.number(), seq: z.number().int() });

/** Options of {@linkcode followSandboxClock}. */
export interface FollowSandboxClockOptions {
  /** Origin of the sandbox, for instance `http://127.0.0.1:8082`. */
  readonly url: string;
  /** The clock to keep in step. */
  readonly clock: OffsetClock;
  /** For the requests. */
  readonly fetch: typeof fetch;
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** Called with each failure after the start; the following goes on. */
  readonly onError: (error: unknown) => void;
}

/** A clock that is followed. */
export interface ClockFollowing {
  /** Resolves when the signal has ended the following and nothing of it is left. Never rejects. */
  readonly stopped: Promise<void>;
}

/**
 * Sets `clock` to the offset of the sandbox at `url` and keeps it in step by long polls. Resolves when the clock is
 * set for the first time.
 *
 * @throws the failure of the first reading: there is no sandbox at `url`, or it cannot be reached.
 */
export async function followSandboxClock(options: FollowSandboxClockOptions): Promise<ClockFollowing> {
  const seq = await readClock(options, undefined);
  return { stopped: keepFollowing(options, seq) };
}

async function keepFollowing(options: FollowSandboxClockOptions, firstSeq: number): Promise<void> {
  const { clock, signal, onError } = options;
  let after: number | undefined = firstSeq;
  while (!signal.aborted) {
    try {
      after = await readClock(options, after);
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      // A restarted sandbox counts from zero, so that its seq is read again.
      after = undefined;
      await clock.sleep(RETRY_AFTER_MS, signal).catch(() => {});
    }
  }
}

/** Reads one answer, sets the clock by it, and returns its seq. */
async function readClock(options: FollowSandboxClockOptions, after: number | undefined): Promise<number> {
  const { clock, signal } = options;
  const url = new URL("/_sandbox/clock", options.url);
  if (after !== undefined) url.searchParams.set("after", String(after));

  const done = new AbortController();
  const late = new AbortController();
  const deadline = clock.sleep(POLL_TIMEOUT_MS, AbortSignal.any([signal, done.signal])).then(
    () => late.abort(new Error("Cannot follow the sandbox's clock: no answer in time")),
    () => {},
  );
  try {
    const response = await options.fetch(url, {
      redirect: "error",
      signal: AbortSignal.any([signal, late.signal]),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Cannot read the sandbox's clock: HTTP ${response.status}`);
    const reading = Reading.parse(JSON.parse(text));
    const offsetMs = Math.round(reading.offset_seconds * 1000);
    if (offsetMs !== clock.offsetMs) clock.setOffset(offsetMs);
    return reading.seq;
  } finally {
    done.abort();
    await deadline;
  }
}
