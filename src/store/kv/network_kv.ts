import type { Phrase } from "../../errors/language.ts";
import type { Log } from "../../ports/log.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";
import type { KvDatabase } from "./kv_database.ts";
import { openKvAt, type OpenKvOptions } from "./open_kv_at.ts";
import type { StorePlace } from "../files/store_place.ts";
import { storeUnavailable } from "../files/store_unavailable.ts";

/** Most calls in progress at once; others wait for their turn. It bounds how many calls Deno can repeat for ever. */
const MOST_CALLS = 64;
/** A call that began less than this before its deadline, in milliseconds, says nothing about the database. */
const TIME_TO_ANSWER_MS = 1_000;
/** Longer than Deno itself waits for an address that does not answer (30 s), in milliseconds: one try at a time. */
const REOPEN_DEADLINE_MS = 35_000;
/** First and longest pause between two tries to open the database, in milliseconds, before jitter. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** A handle that was given up within this time, in milliseconds, did not help: the handle was not what was wrong. */
const TRUSTED_AFTER_MS = 60_000;
/** Pause after one handle that did not help, and the longest after several, in milliseconds, before jitter. */
const FAILED_HANDLE_PAUSE_MS = 4_000;
const LONGEST_FAILED_HANDLE_PAUSE_MS = 60_000;

const NO_ANSWER_IN_TIME: Phrase = { en: "no answer in time", zh: "未能及时响应" };
const STORE_CLOSED: Phrase = { en: "it was closed", zh: "已关闭" };

/**
 * A KV database on the network. While it cannot be reached, Deno repeats each call for ever, four times a second,
 * each time with a line on standard error, and closing the handle does not end that (measured on Deno 2.9.6). So at
 * most 64 calls are in progress, and once one of them has missed its deadline, no more are begun on that handle.
 * Another handle is opened, which fails at once where nothing listens. The old one is closed when the deadlines of
 * its calls are over; what those calls wrote may still land.
 *
 * A database that opens and then does not answer, for instance on a full disk, is opened again with growing pauses
 * and takes one call at a time, until one of the calls in progress is answered.
 */
export class NetworkKv implements KvDatabase {
  readonly replacedAtMs: number = -Infinity;
  readonly takesEnds: boolean = true;
  /** Never: calls wait for the next handle until their deadlines. */
  readonly isStuck: boolean = false;
  readonly #options: NetworkKvOptions;
  readonly #closing = new AbortController();
  readonly #waiting: (() => void)[] = [];
  readonly #retired = new Set<Handle>();
  /** `null` while another handle is being opened. */
  #handle: Handle | null;
  /** How many handles in a row did not help. */
  #failedHandles = 0;
  #endPause: () => void = () => {};

  private constructor(options: NetworkKvOptions, kv: Deno.Kv) {
    this.#options = options;
    // As if opened long ago: if it is given up, that says nothing about the handles opened after it.
    this.#handle = { ...this.#newHandle(kv), openedMs: -Infinity };
  }

  /**
   * Opens the database.
   *
   * @throws StartError in one line.
   */
  static async open(options: NetworkKvOptions): Promise<NetworkKv> {
    return new NetworkKv(options, await openKvAt(options));
  }

  /**
   * Waits for its turn, then does `work` with the handle that is open then.
   *
   * @throws TokenError `store_unavailable` when its turn did not come before `untilMs`; else what `work` throws.
   */
  async use<T>(work: (kv: Deno.Kv) => Promise<T>, untilMs: number = Infinity): Promise<T> {
    const call = await this.#begin(untilMs);
    try {
      return await work(call.handle.kv);
    } finally {
      this.#end(call);
    }
  }

  /** Gives the handle up, if one of its calls has missed a deadline that left the database time to answer. */
  gaveUp(): void {
    const handle = this.#handle;
    if (handle === null || ![...handle.calls].some((call) => this.#isUnanswered(call))) return;
    this.#handle = null;
    this.#retired.add(handle);
    this.#failedHandles = this.#now() - handle.openedMs < TRUSTED_AFTER_MS ? this.#failedHandles + 1 : 0;
    this.#options.log.warn("store does not answer, opening it again");
    const lastUntilMs = Math.max(...[...handle.calls].map(({ untilMs }) => untilMs));
    this.#atMs(lastUntilMs, () => this.#closeRetired(handle));
    void this.#reopen();
  }

  /** Always: a database on the network is known by its address. */
  isCurrent(): Promise<boolean> {
    return Promise.resolve(true);
  }

  /** Closes every handle. */
  close(): void {
    this.#closing.abort(new Error("The store was closed"));
    this.#handle?.kv.close();
    this.#handle = null;
    for (const handle of this.#retired) this.#closeRetired(handle);
    this.#endPause();
    this.#wakeAll();
  }

  /** Waits until there is a handle that takes another call, and begins the call on it. */
  async #begin(untilMs: number): Promise<Call> {
    for (;;) {
      if (this.#closing.signal.aborted) throw storeUnavailable(STORE_CLOSED);
      const handle = this.#handle;
      if (handle !== null && handle.calls.size < this.#capacity(handle)) {
        const call: Call = { handle, beganMs: this.#now(), untilMs };
        handle.calls.add(call);
        return call;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      if (this.#now() < untilMs) continue;
      this.#wakeNext();
      throw storeUnavailable(NO_ANSWER_IN_TIME);
    }
  }

  #capacity({ isProven, openedMs }: Handle): number {
    const isTrusted = isProven && (this.#failedHandles === 0 || this.#now() - openedMs >= TRUSTED_AFTER_MS);
    return isTrusted ? MOST_CALLS : 1;
  }

  #end(call: Call): void {
    const { handle } = call;
    handle.calls.delete(call);
    if (handle !== this.#handle) {
      if (this.#isUnanswered(call)) this.#answeredLate();
      if (handle.calls.size === 0) this.#closeRetired(handle);
    } else if (handle.isProven) {
      this.#wakeNext();
    } else {
      handle.isProven = true;
      this.#wakeAll();
    }
  }

  /** A call that had missed its deadline has ended after all: the database answers again. */
  #answeredLate(): void {
    this.#failedHandles = 0;
    this.#endPause();
  }

  #isUnanswered({ beganMs, untilMs }: Call): boolean {
    // A timer may fire a little early.
    const now = this.#now() + 1;
    return untilMs <= now && beganMs + TIME_TO_ANSWER_MS <= now;
  }

  async #reopen(): Promise<void> {
    const { log } = this.#options;
    let pauseMs = this.#failedHandles === 0
      ? FIRST_PAUSE_MS
      : Math.min(FAILED_HANDLE_PAUSE_MS * 2 ** (this.#failedHandles - 1), LONGEST_FAILED_HANDLE_PAUSE_MS);
    for (;;) {
      await this.#pause(pauseMs);
      const kv = await this.#tryToOpen();
      if (kv !== null) {
        this.#handle = this.#newHandle(kv);
        log.info("store open again");
        return this.#wakeAll();
      }
      if (this.#closing.signal.aborted) return;
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }

  /** Ends early when a call is answered late or the store is closed. Wakes waiting calls, so that overdue ones fail. */
  async #pause(ms: number): Promise<void> {
    const { clock, random } = this.#options;
    const pause = new AbortController();
    this.#endPause = (): void => pause.abort();
    for (let leftMs = ms * (0.5 + random.fraction()); leftMs > 0; leftMs -= LONGEST_PAUSE_MS) {
      if (pause.signal.aborted || this.#closing.signal.aborted) return;
      await clock.sleep(Math.min(leftMs, LONGEST_PAUSE_MS), pause.signal).catch(() => {});
      this.#wakeAll();
    }
  }

  /** `null` when the database does not open. */
  async #tryToOpen(): Promise<Deno.Kv | null> {
    const { openKv, clock, place } = this.#options;
    if (this.#closing.signal.aborted) return null;
    const opening = openKv(place.url);
    try {
      const kv = await within(clock, REOPEN_DEADLINE_MS, opening, this.#closing.signal);
      if (kv !== TIME_IS_UP && !this.#closing.signal.aborted) return kv;
    } catch {
      // It is tried again, unless the store is closed.
    }
    opening.then((late) => late.close()).catch(() => {});
    return null;
  }

  #closeRetired(handle: Handle): void {
    if (this.#retired.delete(handle)) handle.kv.close();
  }

  #atMs(ms: number, act: () => void): void {
    const { clock } = this.#options;
    if (ms === Infinity) return;
    clock.sleep(Math.max(0, ms - this.#now()), this.#closing.signal).then(act, () => {});
  }

  #wakeNext(): void {
    this.#waiting.shift()?.();
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #newHandle(kv: Deno.Kv): Handle {
    return { kv, calls: new Set(), openedMs: this.#now(), isProven: false };
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}

/** What {@linkcode NetworkKv} needs. */
export interface NetworkKvOptions extends OpenKvOptions {
  /** The database. */
  readonly place: Extract<StorePlace, { readonly kind: "remote" }>;
  /** Told when the database stops answering, and when it answers again. */
  readonly log: Log;
}

/** A call on a handle. Times are the monotonic clock's, in milliseconds. */
interface Call {
  readonly handle: Handle;
  readonly beganMs: number;
  /** Its deadline: after that nobody waits for it. */
  readonly untilMs: number;
}

/** A handle and the calls in progress on it. */
interface Handle {
  readonly kv: Deno.Kv;
  readonly calls: Set<Call>;
  /** By the monotonic clock, in milliseconds. */
  readonly openedMs: number;
  /** Whether a call on it has ended. Until then it takes one call at a time. */
  isProven: boolean;
}
