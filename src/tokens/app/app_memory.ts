import type { Clock } from "../../ports/clock.ts";
import type { AppCredentials } from "../../ports/feishu.ts";
import type { Random } from "../../ports/random.ts";
import { isNewer, tokenIn } from "../../ports/record_order.ts";
import type { Fingerprints, RecordStore, Snapshot, TokenRecord } from "../../ports/store.ts";
import type { AppTokenKind } from "./app_token_strategy.ts";
import { APP_ADVISORY_LATEST_MS, APP_REISSUE_WINDOW_MS } from "../renewal/limits.ts";
import { MEMORY_RECORDS } from "../renewal/memory_records.ts";
import { remainingMs } from "../renewal/remaining_ms.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import { CoalescedReads } from "../../concurrency/coalesced_reads.ts";

/** The tokens of one kind that this process has in memory, in front of the store. */
export class AppMemory {
  readonly #options: AppMemoryOptions;
  readonly #known = new LruMap<KnownApp>(MEMORY_RECORDS);
  readonly #reads = new CoalescedReads<Snapshot>();

  /** For one process. */
  constructor(options: AppMemoryOptions) {
    this.#options = options;
  }

  /** Names the app inside this process. */
  keyOf({ brand, recordBrand = brand, appId }: AppCredentials): string {
    return `${this.#options.kind} ${JSON.stringify([brand, recordBrand, appId])}`;
  }

  /** What is remembered of the app `key`. */
  get(key: string): KnownApp | undefined {
    return this.#known.get(key);
  }

  /** What is remembered, and only where nothing is what the store has. */
  async recordOf(credentials: AppCredentials): Promise<TokenRecord | null> {
    return this.get(this.keyOf(credentials))?.record ?? await this.#stored(credentials);
  }

  /**
   * The newest of what is remembered and what the store has, where other processes may have put a newer one; remembered
   * from then on. While the store is away, what is remembered.
   *
   * @throws TokenError `store_unavailable` when nothing is.
   */
  async newestOf(credentials: AppCredentials): Promise<TokenRecord | null> {
    const key = this.keyOf(credentials);
    const stored = await this.#stored(credentials).catch((error: unknown) => {
      if (this.#known.get(key) === undefined) throw error;
      return null;
    });
    // Looked at afterwards: a renewal may have ended during the read.
    const known = this.#known.get(key)?.record ?? null;
    if (stored === null || (known !== null && !isNewer(stored, known))) return known;
    this.remember(key, stored);
    return stored;
  }

  /** Serves `record` from then on. */
  remember(key: string, record: TokenRecord): void {
    const { clock, random } = this.#options;
    const jitterMs = random.fraction() * (APP_REISSUE_WINDOW_MS - APP_ADVISORY_LATEST_MS);
    const advisoryFromMs = record.token.expiresAtMs - APP_ADVISORY_LATEST_MS - jitterMs;
    const endsAtMonotonicMs = clock.monotonic() + this.remainingMs(key, record);
    this.#known.set(key, { record, advisoryFromMs, endsAtMonotonicMs });
  }

  /** What is left of a record of the app `key` in milliseconds, by the clock that leaves less. */
  remainingMs(key: string, record: TokenRecord): number {
    const { clock } = this.#options;
    const left = remainingMs(record.token, clock.now());
    const known = this.#known.get(key);
    if (known === undefined || known.record.fp !== record.fp || known.record.gen !== record.gen) return left;
    return Math.min(left, known.endsAtMonotonicMs - clock.monotonic());
  }

  async #stored(credentials: AppCredentials): Promise<TokenRecord | null> {
    const { store, fingerprints, kind } = this.#options;
    // Where the app's secret is the store's key, another secret names another record.
    const key = `${this.keyOf(credentials)} ${await fingerprints.ofAppSecret(credentials)}`;
    const { token } = await this.#reads.run(key, () => store.read({ kind, credentials }));
    return tokenIn(token.value);
  }
}

/** What {@linkcode AppMemory} needs. */
export interface AppMemoryOptions {
  /** Which token of each app. */
  readonly kind: AppTokenKind;
  /** Where the records are. */
  readonly store: RecordStore;
  /** Tells secrets apart without showing them. */
  readonly fingerprints: Fingerprints;
  /** Tells the time. */
  readonly clock: Clock;
  /** Jitter. */
  readonly random: Random;
}

/** What this process remembers of one app. */
export interface KnownApp {
  /** Its newest token. */
  readonly record: TokenRecord;
  /** From then on a renewal runs in the background, Unix milliseconds. */
  advisoryFromMs: number;
  /** It ends then at the latest, by the monotonic clock in milliseconds: the wall clock may have been set back. */
  readonly endsAtMonotonicMs: number;
}
