import type { Clock } from "../../ports/clock.ts";
import { isNewer, isTombstone, replaces } from "../../ports/record_order.ts";
import type { TokenRecord, Tombstone } from "../../ports/store.ts";
import { LruMap } from "../../concurrency/lru_map.ts";

/** Records are remembered whole, with their secrets: enough for those in use, few enough for memory. */
const REMEMBERED_RECORDS = 2_000;

/** By key, the newest record that the store was seen to hold: it is written back to a store that went back. */
export class LastSeen {
  readonly #clock: Clock;
  readonly #seen = new LruMap<TokenRecord>(REMEMBERED_RECORDS);

  /** For one store. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Remembers `stored`, which the store holds now, unless a newer record was seen. A tombstone makes older records
   * forgotten.
   */
  observed(key: string, stored: TokenRecord | Tombstone | null): void {
    if (stored === null) return;
    const seen = this.#seen.get(key);
    if (isTombstone(stored)) {
      if (seen !== undefined && !replaces(seen, stored)) this.#seen.delete(key);
    } else if (seen === undefined || !isNewer(seen, stored)) {
      this.#seen.set(key, stored);
    }
  }

  /** The newest record seen; `null` where there is none, or where the store may have cleaned it up by itself. */
  newest(key: string): TokenRecord | null {
    const seen = this.#seen.get(key);
    return seen === undefined || this.#hasLapsed(seen) ? null : seen;
  }

  /** Forgets a record. */
  forget(key: string): void {
    this.#seen.delete(key);
  }

  #hasLapsed({ token }: TokenRecord): boolean {
    // Feishu does not always say how long a refresh token lives.
    const refreshEndsAtMs = token.refreshExpiresAtMs ?? (token.refreshToken === undefined ? 0 : Infinity);
    return Math.max(token.expiresAtMs, refreshEndsAtMs) <= this.#clock.now();
  }
}
