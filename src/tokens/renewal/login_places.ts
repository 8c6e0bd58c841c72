import { LruMap } from "../../concurrency/lru_map.ts";
import { placed, replaces } from "../../ports/record_order.ts";
import type { TokenRecord, Tombstone, Versioned } from "../../ports/store.ts";
import type { LastSeen } from "./last_seen.ts";
import type { UnstoredPair } from "./unstored_pair.ts";

/** How many logins are remembered, by fingerprint. This process may meet them again, in memory or in the journal. */
const REMEMBERED_LOGINS = 1_000;

/**
 * Gives each login its place in the order of records, once. After that the login may be stored and rotated, and a
 * second place would put it above its own rotation. The processes of a machine agree through the journal: a process
 * journals the login with its place before it first writes it, and removes the file once the login is stored. So a
 * login whose file is gone is settled.
 */
export class LoginPlaces {
  readonly #options: LoginPlacesOptions;
  /** By fingerprint, the record of each login with its place. */
  readonly #placed = new LruMap<TokenRecord>(REMEMBERED_LOGINS);
  /** Fingerprints of logins that the store was seen to hold or to outrank. */
  readonly #settled = new LruMap<true>(REMEMBERED_LOGINS);

  /** For one process. */
  constructor(options: LoginPlacesOptions) {
    this.#options = options;
  }

  /** `record`, with its place if this process knows one. */
  of(record: TokenRecord): TokenRecord {
    return this.#placed.get(record.fp) ?? record;
  }

  /** Notes that a login is finished, maybe once more: only the store can tell whether it has the login's pair. */
  begun({ fp }: TokenRecord): void {
    this.#settled.delete(fp);
  }

  /** Notes that the store was seen to hold `record` or what outranks it. */
  settled({ fp, isLogin }: TokenRecord): void {
    if (isLogin === true) this.#settled.set(fp, true);
  }

  /**
   * Finds out what other processes of the machine have done with a login. `known`: this process may go on, with the
   * place that {@linkcode LoginPlaces.of} returns now, or with a new one. `settled`: the login is stored or outranked.
   * `unknown`: the journal cannot be read.
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
   * The login of `pair` with its place: above what the store holds in `token`, and above what it was seen to hold.
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
  /** Journals a login with its place. Resolves to whether the login may be written now. */
  readonly journal: (pair: UnstoredPair, inPlace: TokenRecord) => Promise<boolean>;
  /** The journal's file of a login, as a process of the machine wrote it last; `null` where it is gone. */
  readonly journaled: (pair: UnstoredPair) => Promise<TokenRecord | null>;
}
