import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import type { WriteOutcome } from "../ports/store.ts";
import { TIME_IS_UP, within } from "../time/within.ts";
import { storeUnavailable } from "./unavailable.ts";

/** Longest wait for a read, in milliseconds. A KV over the network would retry for ever by itself. */
const READ_DEADLINE_MS = 5_000;
/** First and longest pause between tries on a locked database, in milliseconds, before jitter. */
const BUSY_FIRST_PAUSE_MS = 5;
const BUSY_LONGEST_PAUSE_MS = 100;

/** What {@linkcode KvCalls} needs. */
export interface KvCallsOptions {
  /** The process's only handle. */
  readonly kv: Deno.Kv;
  /** Counts deadlines and pauses. */
  readonly clock: Clock;
  /** Spreads the tries of several processes. */
  readonly random: Random;
  /** Told of commits that failed. */
  readonly log: Log;
}

/**
 * Deno KV with a deadline on every call, and with patience where SQLite says "database is locked": a local file that
 * another process writes at the same moment throws that instead of waiting (measured on Deno 2.9.6).
 */
export class KvCalls {
  readonly #options: KvCallsOptions;

  /** Wraps one handle; the process has no other. */
  constructor(options: KvCallsOptions) {
    this.#options = options;
  }

  /**
   * Up to 10 keys in one strongly consistent snapshot.
   *
   * @throws TokenError `store_unavailable`.
   */
  async getMany(keys: readonly Deno.KvKey[]): Promise<Deno.KvEntryMaybe<unknown>[]> {
    const { kv, clock } = this.#options;
    const untilMs = clock.monotonic() + READ_DEADLINE_MS;
    try {
      const read = this.#patiently(
        untilMs,
        () => kv.getMany<unknown[]>([...keys], { consistency: "strong" }),
      );
      const entries = await within(clock, READ_DEADLINE_MS, read);
      if (entries !== TIME_IS_UP) return entries;
    } catch (error) {
      throw storeUnavailable(undefined, error);
    }
    throw storeUnavailable({ en: "no answer in time", zh: "未能及时响应" });
  }

  /**
   * Commits the operation that `build` makes, anew for every try. Never throws for what the store does.
   * `unknown` also stands for a commit given up at the deadline, which may still land.
   */
  async commit(
    deadlineMs: number,
    build: (operation: Deno.AtomicOperation) => Deno.AtomicOperation,
  ): Promise<WriteOutcome> {
    const { kv, clock, log } = this.#options;
    const untilMs = clock.monotonic() + deadlineMs;
    try {
      const commit = this.#patiently(untilMs, () => build(kv.atomic()).commit());
      const result = await within(clock, deadlineMs, commit);
      if (result === TIME_IS_UP) return { kind: "unknown" };
      return result.ok ? { kind: "ok", version: result.versionstamp } : { kind: "conflict" };
    } catch (error) {
      log.warn("store commit failed", { error: String(error) });
      return { kind: "unknown" };
    }
  }

  /** Tries `call` until it does not find the database locked, or until `untilMs` of the monotonic clock. */
  async #patiently<T>(untilMs: number, call: () => Promise<T>): Promise<T> {
    const { clock, random } = this.#options;
    for (let pauseMs = BUSY_FIRST_PAUSE_MS;; pauseMs = Math.min(2 * pauseMs, BUSY_LONGEST_PAUSE_MS)) {
      try {
        return await call();
      } catch (error) {
        if (!isBusy(error)) throw error;
        await clock.sleep(pauseMs * (0.5 + random.fraction()));
        // Whoever asked has given up by then: no write may begin that nobody waits for.
        if (clock.monotonic() >= untilMs) throw error;
      }
    }
  }
}

/** Whether SQLite refused because another process was writing. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && error.message.includes("database is locked");
}
