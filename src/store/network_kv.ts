import type { Phrase } from "../errors/language.ts";
import type { Log } from "../ports/log.ts";
import { TIME_IS_UP, within } from "../time/within.ts";
import type { KvDatabase } from "./kv_database.ts";
import { openKvAt, type OpenKvOptions } from "./open_kv.ts";
import type { StorePlace } from "./place.ts";
import { storeUnavailable } from "./unavailable.ts";

/** So many calls are out at once; the others wait for their turn. It bounds how many Deno can repeat for ever. */
const MOST_OUT = 64;
/** A call that has waited for its turn until shortly before its deadline says nothing of the database, in milliseconds. */
const TIME_TO_ANSWER_MS = 1_000;
/** Longer than Deno itself waits for an address that is silent (30 s): one try at a time. */
const OPEN_DEADLINE_MS = 35_000;
/** First and longest pause between two tries to open the database, in milliseconds, before jitter. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

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
  /** Whether a call on it has come back. Until then one at a time is tried. */
  isProven: boolean;
}

/**
 * A KV database on the network. While that is away Deno repeats each call for ever, four times a second, with a line on
 * standard error each time, and closing the handle does not end it (Deno 2.9.6). So at most 64 calls are out, and once one
 * of them has met its deadline no more are begun on that handle. Another is opened, which fails at once where nobody
 * listens; the old one is closed when the deadlines of its calls are over. What those wrote may still land.
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

  private constructor(options: NetworkKvOptions, kv: Deno.Kv) {
    this.#options = options;
    this.#handle = newHandle(kv);
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
    this.#options.log.warn("store does not answer, opening it again");
    const lastUntilMs = Math.max(...[...handle.calls].map(({ untilMs }) => untilMs));
    this.#atMs(lastUntilMs, () => this.#closeRetired(handle));
    this.#reopen().catch(() => {}); // ends early only when everything is closed
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
    this.#wakeAll();
  }

  /** Waits until there is a handle with room for a call, and takes that room. */
  async #turn(untilMs: number): Promise<Call> {
    for (;;) {
      if (this.#closing.signal.aborted) throw storeUnavailable(CLOSED);
      const handle = this.#handle;
      if (handle !== null && handle.calls.size < (handle.isProven ? MOST_OUT : 1)) {
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

  #ended(call: Call): void {
    const { handle } = call;
    handle.calls.delete(call);
    if (this.#retired.has(handle)) {
      if (handle.calls.size === 0) this.#closeRetired(handle);
    } else if (handle.isProven) {
      this.#wakeNext();
    } else {
      handle.isProven = true;
      this.#wakeAll();
    }
  }

  #isUnanswered({ beganMs, untilMs }: Call): boolean {
    // A timer may wake a little before its time.
    const now = this.#now() + 1;
    return untilMs <= now && beganMs + TIME_TO_ANSWER_MS <= now;
  }

  async #reopen(): Promise<void> {
    const { clock, random, log } = this.#options;
    for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      await clock.sleep(pauseMs * (0.5 + random.fraction()), this.#closing.signal);
      const kv = await this.#tryToOpen();
      if (kv !== null) {
        this.#handle = newHandle(kv);
        log.info("store open again");
        return this.#wakeAll();
      }
      // Those whose deadlines are over learn it only so.
      this.#wakeAll();
    }
  }

  /** `null` when it does not open. */
  async #tryToOpen(): Promise<Deno.Kv | null> {
    const { openKv, clock, place } = this.#options;
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

  #now(): number {
    return this.#options.clock.monotonic();
  }
}

function newHandle(kv: Deno.Kv): Handle {
  return { kv, calls: new Set(), isProven: false };
}
