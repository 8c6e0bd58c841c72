import type { Phrase } from "../../errors/language.ts";
import type { Log } from "../../ports/log.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";
import type { KvDatabase } from "./kv_database.ts";
import { openKvAt, type OpenKvOptions } from "./open_kv_at.ts";
import type { StorePlace } from "../files/store_place.ts";
import { storeUnavailable } from "../files/store_unavailable.ts";

/** So many calls are out at once; the others wait for their turn. It bounds how many Deno can repeat for ever. */
const MOST_OUT = 64;
/** A call that has waited for its turn until shortly before its deadline says nothing of the database, in milliseconds. */
const TIME_TO_ANSWER_MS = 1_000;
/** Longer than Deno itself waits for an address that is silent (30 s): one try at a time. */
const OPEN_DEADLINE_MS = 35_000;
/** First and longest pause between two tries to open the database, in milliseconds, before jitter. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** A handle that was given up sooner, in milliseconds, was opened in vain: what ails the database is another thing. */
const SOUND_MS = 60_000;
/** Pause after one handle that was opened in vain, and the longest after several, in milliseconds, before jitter. */
const VAIN_PAUSE_MS = 4_000;
const LONGEST_VAIN_PAUSE_MS = 60_000;

const NO_ANSWER: Phrase = { en: "no answer in time", zh: "未能及时响应" };
const CLOSED: Phrase = { en: "it was closed", zh: "已关闭" };

/** What {@linkcode NetworkKv} needs. */
export interface NetworkKvOptions extends OpenKvOptions {
  /** The database. */
  readonly place: Extract<StorePlace, { readonly kind: "remote" }>;
  /** Told when the database stops answering, and when it answers again. */
  readonly log: Log;
}

/** A call on a handle; both times are the monotonic clock's, in milliseconds. */
interface Call {
  readonly handle: Handle;
  readonly beganMs: number;
  /** When nobody waits for it any more. */
  readonly untilMs: number;
}

/** A handle and the calls that are out on it. */
interface Handle {
  readonly kv: Deno.Kv;
  readonly calls: Set<Call>;
  /** By the monotonic clock, in milliseconds. */
  readonly openedMs: number;
  /** Whether a call on it has come back. Until then one at a time is tried. */
  isProven: boolean;
}

/**
 * A KV database on the network. While that is away Deno repeats each call for ever, four times a second, with a line on
 * standard error each time, and closing the handle does not end it (Deno 2.9.6). So at most 64 calls are out, and once one
 * of them has met its deadline no more are begun on that handle. Another is opened, which fails at once where nobody
 * listens; the old one is closed when the deadlines of its calls are over. What those wrote may still land.
 *
 * A database that opens and then does not answer, a full disk for instance, is tried ever more rarely, with one call at a
 * time, until one of the calls that are out comes through.
 */
export class NetworkKv implements KvDatabase {
  readonly replacedAtMs: number = -Infinity;
  readonly takesEnds: boolean = true;
  /** Never: calls wait for the next handle, no longer than until their deadlines. */
  readonly isStuck: boolean = false;
  readonly #options: NetworkKvOptions;
  readonly #closing = new AbortController();
  readonly #waiting: (() => void)[] = [];
  readonly #retired = new Set<Handle>();
  /** `null` while another one is being opened. */
  #handle: Handle | null;
  /** How many handles in a row were opened in vain. */
  #inVain = 0;
  #endPause: () => void = () => {};

  private constructor(options: NetworkKvOptions, kv: Deno.Kv) {
    this.#options = options;
    // The first one tells nothing of those that are opened after it.
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
   * Does `work` when it is its turn, with the handle that is open then.
   *
   * @throws TokenError `store_unavailable` when there was no handle until `untilMs`; else what `work` throws.
   */
  async use<T>(work: (kv: Deno.Kv) => Promise<T>, untilMs: number = Infinity): Promise<T> {
    const call = await this.#turn(untilMs);
    try {
      return await work(call.handle.kv);
    } finally {
      this.#ended(call);
    }
  }

  /** Gives the handle up, if a call on it has met its deadline that had the time to be answered. */
  gaveUp(): void {
    const handle = this.#handle;
    if (handle === null || ![...handle.calls].some((call) => this.#isUnanswered(call))) return;
    this.#handle = null;
    this.#retired.add(handle);
    this.#inVain = this.#now() - handle.openedMs < SOUND_MS ? this.#inVain + 1 : 0;
    this.#options.log.warn("store does not answer, opening it again");
    const lastUntilMs = Math.max(...[...handle.calls].map(({ untilMs }) => untilMs));
    this.#atMs(lastUntilMs, () => this.#closeRetired(handle));
    void this.#reopen();
  }

  /** Always: it is known by its address. */
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

  /** Waits until there is a handle with room for a call, and takes that room. */
  async #turn(untilMs: number): Promise<Call> {
    for (;;) {
      if (this.#closing.signal.aborted) throw storeUnavailable(CLOSED);
      const handle = this.#handle;
      if (handle !== null && handle.calls.size < this.#room(handle)) {
        const call: Call = { handle, beganMs: this.#now(), untilMs };
        handle.calls.add(call);
        return call;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      if (this.#now() < untilMs) continue;
      this.#wakeNext();
      throw storeUnavailable(NO_ANSWER);
    }
  }

  #room({ isProven, openedMs }: Handle): number {
    const isTrusted = isProven && (this.#inVain === 0 || this.#now() - openedMs >= SOUND_MS);
    return isTrusted ? MOST_OUT : 1;
  }

  #ended(call: Call): void {
    const { handle } = call;
    handle.calls.delete(call);
    if (handle !== this.#handle) {
      if (this.#isUnanswered(call)) this.#cameThrough();
      if (handle.calls.size === 0) this.#closeRetired(handle);
    } else if (handle.isProven) {
      this.#wakeNext();
    } else {
      handle.isProven = true;
      this.#wakeAll();
    }
  }

  /** A call that was out for too long has ended after all: whatever ailed the database is over. */
  #cameThrough(): void {
    this.#inVain = 0;
    this.#endPause();
  }

  #isUnanswered({ beganMs, untilMs }: Call): boolean {
    // A timer may wake a little before its time.
    const now = this.#now() + 1;
    return untilMs <= now && beganMs + TIME_TO_ANSWER_MS <= now;
  }

  async #reopen(): Promise<void> {
    const { log } = this.#options;
    let pauseMs = this.#inVain === 0
      ? FIRST_PAUSE_MS
      : Math.min(VAIN_PAUSE_MS * 2 ** (this.#inVain - 1), LONGEST_VAIN_PAUSE_MS);
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

  /** Ends early when a call has come through, and with everything. Meanwhile those are told whose deadlines are over. */
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

  /** `null` when it does not open. */
  async #tryToOpen(): Promise<Deno.Kv | null> {
    const { openKv, clock, place } = this.#options;
    if (this.#closing.signal.aborted) return null;
    const opening = openKv(place.url);
    try {
      const kv = await within(clock, OPEN_DEADLINE_MS, opening, this.#closing.signal);
      if (kv !== TIME_IS_UP && !this.#closing.signal.aborted) return kv;
    } catch {
      // The next try will do, or everything is closed.
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
