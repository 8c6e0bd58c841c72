import { defined } from "../../defined.ts";
import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Random } from "../../ports/random.ts";
import type { WriteOutcome } from "../../ports/store.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";
import type { KvDatabase } from "./kv_database.ts";
import { kvErrorText } from "./kv_error_text.ts";
import type { AtomicKv, AtomicWrite } from "./atomic_kv.ts";
import { noteEnds } from "./note_ends.ts";
import { storeUnavailable } from "../files/store_unavailable.ts";

/** Longest wait for a read, in milliseconds. A KV over the network would retry for ever by itself. */
const READ_DEADLINE_MS = 5_000;
/** First and longest pause between tries on a locked database, in milliseconds, before jitter. */
const BUSY_FIRST_PAUSE_MS = 5;
const BUSY_LONGEST_PAUSE_MS = 100;
/** Deno takes no more at once (500 by default). */
const LIST_BATCH = 500;
const NO_ANSWER: Phrase = { en: "no answer in time", zh: "未能及时响应" };

/**
 * Deno KV with a deadline on every call. Where SQLite says "database is locked" the call is tried again until then: a local
 * file that another process writes at the same moment throws that instead of waiting (measured on Deno 2.9.6).
 */
export class DenoKv implements AtomicKv {
  readonly #options: DenoKvOptions;
  /** Why the last commit failed; `null` if it did not. */
  #lastFailure: string | null = null;

  /** Wraps the one database of the process. */
  constructor(options: DenoKvOptions) {
    this.#options = options;
  }

  /** See {@linkcode KvDatabase.replacedAtMs}. */
  get replacedAtMs(): number {
    return this.#options.database.replacedAtMs;
  }

  /**
   * Up to 10 keys in one strongly consistent snapshot.
   *
   * @throws TokenError `store_unavailable`.
   */
  async getMany(keys: readonly Deno.KvKey[]): Promise<Deno.KvEntryMaybe<unknown>[]> {
    return await this.#read((kv) => kv.getMany<unknown[]>([...keys], { consistency: "strong" }));
  }

  async #read<T>(read: (kv: Deno.Kv) => Promise<T>): Promise<T> {
    const { database, clock } = this.#options;
    const untilMs = clock.monotonic() + READ_DEADLINE_MS;
    try {
      const result = await this.#inTime(
        READ_DEADLINE_MS,
        () => this.#patiently(untilMs, () => database.use(read, untilMs)),
      );
      if (result !== TIME_IS_UP) return result;
    } catch (error) {
      throw error instanceof TokenError ? error : storeUnavailable(undefined, error);
    }
    throw storeUnavailable(NO_ANSWER);
  }

  /**
   * Every key under `prefix`, in batches, which together are no snapshot.
   *
   * @throws TokenError `store_unavailable`.
   */
  async *list(prefix: Deno.KvKey): AsyncGenerator<Deno.KvEntry<unknown>> {
    for (let cursor = "";;) {
      const batch = await this.#read(async (kv) => {
        const found = kv.list<unknown>({ prefix }, {
          limit: LIST_BATCH,
          batchSize: LIST_BATCH,
          ...(cursor === "" ? {} : { cursor }),
        });
        const entries = await Array.fromAsync(found);
        cursor = found.cursor;
        return entries;
      });
      yield* batch;
      if (batch.length < LIST_BATCH) return;
    }
  }

  /** One atomic write. Never throws for what the database does. */
  async commit(write: AtomicWrite): Promise<WriteOutcome> {
    const { database, clock } = this.#options;
    const untilMs = clock.monotonic() + write.deadlineMs;
    const tryOnce = (kv: Deno.Kv): Promise<WriteOutcome> => this.#commitWith(kv, write);
    try {
      const outcome = await this.#inTime(
        write.deadlineMs,
        () => this.#patiently(untilMs, () => database.use(tryOnce, untilMs)),
      );
      if (outcome === TIME_IS_UP) return this.#notCommitted(NO_ANSWER.en);
      this.#lastFailure = null;
      return outcome;
    } catch (error) {
      return this.#notCommitted(kvErrorText(error));
    }
  }

  /** Closes every handle. */
  close(): void {
    this.#options.database.close();
  }

  async #inTime<T>(deadlineMs: number, call: () => Promise<T>): Promise<T | typeof TIME_IS_UP> {
    const { database, clock } = this.#options;
    if (database.isStuck) return TIME_IS_UP;
    const work = call();
    const result = await within(clock, deadlineMs, work);
    if (result === TIME_IS_UP) database.gaveUp(work);
    return result;
  }

  /** A store that cannot be written says so at every try: one line will do until it can, or fails in another way. */
  #notCommitted(error: string): WriteOutcome {
    const { log } = this.#options;
    if (error === this.#lastFailure) log.debug("store commit failed", { error });
    else log.warn("store commit failed", { error });
    this.#lastFailure = error;
    return { kind: "unknown" };
  }

  async #commitWith(kv: Deno.Kv, write: AtomicWrite): Promise<WriteOutcome> {
    const { database, clock } = this.#options;
    const { checks = [], sets = [], deletes = [] } = database.takesEnds
      ? write
      : noteEnds(write, clock.now());
    const operation = kv.atomic().check(...checks);
    for (const { key, value, expireIn } of sets) operation.set(key, value, defined({ expireIn }));
    for (const key of deletes) operation.delete(key);
    const result = await operation.commit();
    if (!result.ok) return { kind: "conflict" };
    // The write may have gone into a file that was deleted meanwhile.
    if (!await database.isCurrent(kv)) return { kind: "unknown" };
    return { kind: "ok", version: result.versionstamp };
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
        // The caller has given up by then: no write may begin that nobody waits for.
        if (clock.monotonic() >= untilMs) throw error;
      }
    }
  }
}

/** What {@linkcode DenoKv} needs. */
export interface DenoKvOptions {
  /** The only one of the process. */
  readonly database: KvDatabase;
  /** Counts deadlines and pauses. */
  readonly clock: Clock;
  /** Jitter between tries. */
  readonly random: Random;
  /** Told of commits that failed. */
  readonly log: Log;
}

/** Whether SQLite refused because another process was writing. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && error.message.includes("database is locked");
}
