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

/** The app or tenant tokens that this process keeps in memory, in front of the store. */
export class AppMemory {
  readonly #options: AppMemoryOptions;
  readonly #apps = new LruMap<KnownApp>(MEMORY_RECORDS);
  readonly #reads = new CoalescedReads<Snapshot>();

  /** For one process. */
  constructor(options: AppMemoryOptions) {
    this.#options = options;
  }

  /** Names the app inside this process. */
  keyOf({ brand, recordBrand = brand, appId }: AppCredentials): string {
    return `${this.#options.kind} ${JSON.stringify([brand, recordBrand, appId])}`;
  }

  /** The token in memory of the app `key`. */
  get(key: string): KnownApp | undefined {
    return this.#apps.get(key);
  }

  /** The record in memory; else the one in the store. */
  async recordOf(credentials: AppCredentials): Promise<TokenRecord | null> {
    return this.get(this.keyOf(credentials))?.record ?? await this.#stored(credentials);
  }

  /**
   * The newer of the record in memory and the one in the store, where another process may have put a newer one. Memory keeps
   * it from then on. While the store is away, the record in memory.
   *
   * @throws TokenError `store_unavailable` when the store is away and memory has none.
   */
  async newestOf(credentials: AppCredentials): Promise<TokenRecord | null> {
    const key = this.keyOf(credentials);
    const stored = await this.#stored(credentials).catch((error: unknown) => {
      if (this.#apps.get(key) === undefined) throw error;
      return null;
    });
    // Memory after the store: a renewal may have ended during the read.
    const remembered = this.#apps.get(key)?.record ?? null;
    if (stored === null || (remembered !== null && !isNewer(stored, remembered))) return remembered;
    this.remember(key, stored);
    return stored;
  }

  /** Keeps `record` in memory, to be served from there. */
  remember(key: string, record: TokenRecord): void {
    const { clock, random } = this.#options;
    const jitterMs = random.fraction() * (APP_REISSUE_WINDOW_MS - APP_ADVISORY_LATEST_MS);
    const advisoryFromMs = record.token.expiresAtMs - APP_ADVISORY_LATEST_MS - jitterMs;
    const endsAtMonotonicMs = clock.monotonic() + this.remainingMs(key, record);
    this.#apps.set(key, { record, advisoryFromMs, endsAtMonotonicMs });
  }

  /** What is left of a record of the app `key`, in milliseconds, by the clock that leaves less. */
  remainingMs(key: string, record: TokenRecord): number {
    const { clock } = this.#options;
    const left = remainingMs(record.token, clock.now());
    const known = this.#apps.get(key);
    if (known === undefined || known.record.fp !== record.fp || known.record.gen !== record.gen) return left;
    return Math.min(left, known.endsAtMonotonicMs - clock.monotonic());
  }

  async #stored(credentials: AppCredentials): Promise<TokenRecord | null> {
    const { store, fingerprints, kind } = this.#options;
    // Where the store's key is derived from the app's secret, another secret names another record.
    const key = `${this.keyOf(credentials)} ${await fingerprints.ofAppSecret(credentials)}`;
    const { token } = await this.#reads.run(key, () => store.read({ kind, credentials }));
    return tokenIn(token.value);
  }
}

/** What {@linkcode AppMemory} needs. */
export interface AppMemoryOptions {
  /** Kind of the tokens. */
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

/** The token of one app in memory. */
export interface KnownApp {
  /** The app's newest token. */
  readonly record: TokenRecord;
  /** When the renewal in the background is due, Unix milliseconds. */
  advisoryFromMs: number;
  /** Latest end of the token by the monotonic clock, in milliseconds: the wall clock may be set back. */
  readonly endsAtMonotonicMs: number;
}
