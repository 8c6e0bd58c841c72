import { LruMap } from "../../concurrency/lru_map.ts";
import { placed, replaces } from "../../ports/record_order.ts";
import type { TokenRecord, Tombstone, Versioned } from "../../ports/store.ts";
import type { LastSeen } from "./last_seen.ts";
import type { UnstoredPair } from "./unstored_pair.ts";

/** Logins that this process may meet again, in its memory or in the journal. */
const REMEMBERED_LOGINS = 1_000;

/**
 * Gives each login its place in the order of records, once. From then on the login may be stored and be rotated, so that a
 * second place would put it over its own rotation. The processes of a machine agree by the journal: a login is journaled in
 * its place before it is first written, and its file is removed once it is stored. So a login whose file is gone is settled.
 */
export class LoginPlaces {
  readonly #options: LoginPlacesOptions;
  /** The record of each login in its place, by fingerprint. */
  readonly #placed = new LruMap<TokenRecord>(REMEMBERED_LOGINS);
  /** Logins that the store was seen to have, or to have outranked, by fingerprint. */
  readonly #settled = new LruMap<true>(REMEMBERED_LOGINS);

  /** For one process. */
  constructor(options: LoginPlacesOptions) {
    this.#options = options;
  }

  /** `record` in its place, if this process knows it. */
  of(record: TokenRecord): TokenRecord {
    return this.#placed.get(record.fp) ?? record;
  }

  /** A login is kept, maybe once more: the store is to be asked whether it has it. */
  begun({ fp }: TokenRecord): void {
    this.#settled.delete(fp);
  }

  /** The store was seen to have `record`, or what outranks it. */
  settled({ fp, isLogin }: TokenRecord): void {
    if (isLogin === true) this.#settled.set(fp, true);
  }

  /**
   * Finds out what another process of the machine may have done with a login. `known`: this process may go on, under the place
   * that {@linkcode LoginPlaces.of} tells now, or in giving it one. `unknown`: the journal cannot be read.
   */
  async lookUp(pair: UnstoredPair): Promise<"known" | "settled" | "unknown"> {
    const { record, isJournaled } = pair;
    if (record.isLogin !== true || this.of(record).isPlaced === true) return "known";
    if (this.#settled.get(record.fp) === true) return "settled";
    if (!isJournaled) return "known";
    const found = await this.#options.journaled(pair).catch(() => undefined);
    if (found === undefined) return "unknown";
    if (found === null) return "settled";
    if (found.isPlaced === true) this.#placed.set(record.fp, found);
    return "known";
  }

  /**
   * The login of `pair` in its place: above what the store shows in `token`, and above what it was seen to hold.
   *
   * @returns `null` while the place cannot be journaled.
   */
  async place(
    pair: UnstoredPair,
    token: Versioned<TokenRecord | Tombstone>,
  ): Promise<TokenRecord | null> {
    const { memory, journal } = this.#options;
    const { ref, record } = pair;
    const known = this.of(record);
    if (known.isPlaced === true) return known;
    const seen = memory.newest(ref.key);
    const hasLost = seen !== null && replaces(seen, token.value);
    const inPlace = placed(record, hasLost ? { value: seen, version: token.version } : token);
    if (!await journal(pair, inPlace)) return null;
    this.#placed.set(record.fp, inPlace);
    return inPlace;
  }
}

/** What {@linkcode LoginPlaces} needs. */
export interface LoginPlacesOptions {
  /** What the store was seen to hold. */
  readonly memory: LastSeen;
  /** Journals a login in its place; whether it may be written then. */
  readonly journal: (pair: UnstoredPair, inPlace: TokenRecord) => Promise<boolean>;
  /** The journal's file of a login, as a process of the machine wrote it last; `null` where it is gone. */
  readonly journaled: (pair: UnstoredPair) => Promise<TokenRecord | null>;
}
