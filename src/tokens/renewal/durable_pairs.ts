import { TokenError } from "../../errors/token_error.ts";
import type { SealedChange } from "../../ports/sealed_change.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import {
  isBeforeLogout,
  isBehindWall,
  isNewer,
  isSameLogin,
  replaces,
  tokenIn,
} from "../../ports/record_order.ts";
import type { RecordStore, Snapshot, TokenRecord, Tombstone, WriteOutcome } from "../../ports/store.ts";
import { LoginPlaces } from "./login_places.ts";
import { PendingCommits } from "./pending_commits.ts";
import type { UnstoredPair } from "./unstored_pair.ts";
import { COMMIT_DEADLINE_MS, SPENDING_LIMITS } from "./limits.ts";
import type { SingleFlight } from "../../concurrency/single_flight.ts";
import { JournalWrites, type JournalWritesOptions } from "./journal_writes.ts";
import type { RecordRef } from "./record_ref.ts";
import { RENEWAL_COME_BACK_MS } from "./renewal_in_progress.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import { LastSeen } from "./last_seen.ts";

const REMEMBERED_TOO_LARGE = 100;
/** Most reads of one record. It is read again after a pair was written that the store lacked. */
const READ_ROUNDS = 5;

/** A record as this machine knows it. */
export interface RecordView extends Snapshot {
  /** Whether memory or the journal has `token` and the store does not yet. */
  readonly isUnstored: boolean;
  /** Whether `token` outlives this process: it is in the store or in the journal. */
  readonly isDurable: boolean;
  /** When the reading began, in milliseconds of the monotonic clock. */
  readonly readAtMs: number;
}

/**
 * Where a pair that Feishu has issued is now.
 *
 * - `stored`: in the store.
 * - `outranked`: nowhere. The store has another pair for the same presentation, or a newer one.
 * - `superseded`: nowhere. The login was finished before, and the store has it or a rotation of it.
 * - `ended`: nowhere. The user has logged out.
 * - `journaled`: in memory and in the journal. The commit is retried, unless no database takes a pair of that size.
 * - `in memory`: in memory alone, so that it is lost with this process. The commit is retried, with the same exception.
 */
export type PairPlace = "stored" | "outranked" | "superseded" | "ended" | "journaled" | "in memory";

/**
 * Makes a pair durable: in memory, in the journal, in the store, in this order. Once the store was seen to hold the
 * pair or a newer one, memory and journal drop it. `read()` does the reverse: it writes a pair that memory or journal
 * has and the store lacks, before anything else is done with the record (promise 3).
 */
export class DurablePairs {
  readonly #options: DurablePairsOptions;
  readonly #unstored = new Map<string, UnstoredPair>();
  /** Pairs too large for any database: until they end the journal has them, or without a journal this process. */
  readonly #tooLarge = new LruMap<UnstoredPair>(REMEMBERED_TOO_LARGE);
  readonly #journaling: JournalWrites;
  readonly #memory: LastSeen;
  readonly #places: LoginPlaces;
  readonly #commits: PendingCommits;
  #wentBackAtMs = -Infinity;

  /** For one store and its journal. */
  constructor(options: DurablePairsOptions) {
    this.#options = options;
    this.#memory = new LastSeen(options.clock);
    this.#journaling = new JournalWrites(options);
    this.#places = new LoginPlaces({
      memory: this.#memory,
      journal: (pair, inPlace) => this.#journalPlace(pair, inPlace),
      journaled: ({ ref, record }) => this.#journaling.find(ref, record.fp),
    });
    this.#commits = new PendingCommits({
      ...options,
      ended: options.ended ?? options.stopping,
      memory: this.#memory,
      places: this.#places,
      onSettled: (pair) => this.#letGo(pair),
      onTooLarge: (pair) => this.#giveUp(pair),
    });
  }

  /** Whether the pair is too large for any database, so that only this machine has it. */
  isTooLarge({ key }: RecordRef, { fp }: TokenRecord): boolean {
    return this.#tooLarge.get(key)?.record.fp === fp;
  }

  /** How many pairs are not in the store yet. */
  get unstored(): number {
    return this.#unstored.size;
  }

  /**
   * Whether the store was found, less than one life of a lease ago, to have lost what it held: its file was deleted, or
   * restored from a backup. Other processes may be presenting tokens under leases that are lost as well.
   */
  storeWentBack(): boolean {
    const { store, clock } = this.#options;
    return clock.monotonic() - Math.max(this.#wentBackAtMs, store.replacedAtMs) < SPENDING_LIMITS.lifeMs;
  }

  /**
   * The record as this machine knows it. A newer pair of memory or journal is first written to the store. While that
   * fails, the result has the pair as its token, and `isUnstored`.
   *
   * @throws TokenError `store_unavailable` or `store_unreadable`.
   */
  async read(ref: RecordRef): Promise<RecordView> {
    for (let round = 0; round < READ_ROUNDS; round++) {
      const view = await this.#readOnce(ref);
      if (view !== null) return view;
    }
    throw new TokenError("store_unavailable", { retryAfterMs: RENEWAL_COME_BACK_MS });
  }

  /** One read. `null` after a pair was written that the store lacked: the record has to be read again. */
  async #readOnce(ref: RecordRef): Promise<RecordView | null> {
    const { store, clock, log } = this.#options;
    const readAtMs = clock.monotonic();
    // Before the store is read: a pair that this process stores during the read does not count as lost by the store.
    const seen = this.#memory.newest(ref.key);
    // Memory and journal before the store: a pair moves from there into the store, so that this order finds it in one
    // of them, at whichever moment it moves.
    const onItsWay = await this.#onItsWay(ref);
    const snapshot = await store.read(ref.name);
    const stored = snapshot.token.value;
    const known = this.#beyond(ref, snapshot, seen, onItsWay);
    if (known === null) {
      // The pair that the journal still holds is stored or outranked.
      if (onItsWay !== null && stored !== null) this.#letGo(onItsWay);
      this.#memory.observed(ref.key, stored);
      return { ...snapshot, isUnstored: false, isDurable: true, readAtMs };
    }
    const { kind } = ref.name;
    if (this.#commits.wentBack(known, stored, seen)) {
      this.#wentBackAtMs = clock.monotonic();
      log.warn("store went back behind what it held, healing it", { kind });
    } else log.info("store lacks a pair yet, writing it", { kind });
    const committed = await this.#commits.commit(known, snapshot);
    if (committed !== "not yet" && committed !== "too large") return null;
    const token = { value: known.record, version: snapshot.token.version };
    return { ...snapshot, token, isUnstored: true, isDurable: known.isJournaled, readAtMs };
  }

  /**
   * Whether memory or journal have a pair beyond `look` by now.
   *
   * @param claimed version of the lease of a claim made since `look`: then also whether the store has changed the
   * token, or has lost that claim. `null`: the store is not read.
   * @throws TokenError `store_unavailable` or `store_unreadable` when journal or store cannot be read.
   */
  async knowsBeyond(ref: RecordRef, look: Snapshot, claimed: string | null): Promise<boolean> {
    const seen = this.#memory.newest(ref.key);
    if (this.#beyond(ref, look, seen, await this.#onItsWay(ref)) !== null) return true;
    if (claimed === null) return false;
    // The store after the journal: a pair that has left the journal was stored before it left.
    const { token, lease } = await this.#options.store.read(ref.name);
    return token.version !== look.token.version || lease.version !== claimed;
  }

  /**
   * The newest pair that this process remembers or that the journal has, for when the store does not answer; `null`
   * where there is none.
   */
  async remembered(
    ref: RecordRef,
  ): Promise<{ readonly record: TokenRecord; readonly isDurable: boolean } | null> {
    const seen = this.#memory.newest(ref.key);
    const own = this.#unstored.get(ref.key) ?? null;
    const unstored = await this.#onItsWay(ref).catch(() => own);
    if (unstored !== null && (seen === null || isNewer(unstored.record, seen))) {
      return { record: unstored.record, isDurable: unstored.isJournaled };
    }
    return seen === null ? null : { record: seen, isDurable: true };
  }

  /**
   * The newer of two pairs, if the store has neither: the pair that this process has `seen` in the store, and the one
   * that is `onItsWay`. `null` if the store lacks none.
   */
  #beyond(
    ref: RecordRef,
    snapshot: Snapshot,
    seen: TokenRecord | null,
    onItsWay: UnstoredPair | null,
  ): UnstoredPair | null {
    const pair = onItsWay !== null && this.#commits.isUnsettled(onItsWay, snapshot) ? onItsWay : null;
    const stored = snapshot.token.value;
    if (seen === null || isBehindWall(seen, stored) || isBeforeLogout(seen, snapshot.token)) return pair;
    if (!replaces(seen, stored)) return pair;
    if (pair !== null && !isNewer(seen, pair.record)) return pair;
    return { ref, record: seen, isJournaled: false };
  }

  /** The newest pair that is or was on its way into the store: this process's own, or one in the machine's journal. */
  async #onItsWay(ref: RecordRef): Promise<UnstoredPair | null> {
    await this.#journaling.settled(ref);
    const own = this.#unstored.get(ref.key) ?? this.#tooLarge.get(ref.key) ?? null;
    const noted = ref.spends ? await this.#journaling.newest(ref) : null;
    if (noted === null || (own !== null && !isNewer(noted, own.record))) return own;
    return { ref, record: noted, isJournaled: true };
  }

  /**
   * Makes durable a pair that Feishu has issued.
   *
   * @param before the last snapshot of the record; `null` where the store could not be read.
   */
  async keep(ref: RecordRef, record: TokenRecord, before: Snapshot | null): Promise<PairPlace> {
    return await this.#commit(await this.#journal(ref, record), before);
  }

  /**
   * Makes the first pair of a login durable. The journal has the pair before the store is read, since the code of the
   * login is spent.
   *
   * @param record with the place that it gets if the store has nothing that it must be above.
   * @returns the record with its final place, and where the pair is.
   */
  async keepLogin(ref: RecordRef, record: TokenRecord): Promise<{ record: TokenRecord; place: PairPlace }> {
    const { store } = this.#options;
    this.#places.begun(record);
    const pair = await this.#journal(ref, record);
    const before = await store.read(ref.name).catch((error: unknown) => {
      // The pair stays in memory and journal until the store is back.
      if (error instanceof TokenError && error.code === "store_unavailable") return null;
      throw error;
    });
    const place = await this.#commit(pair, before);
    return { record: this.#places.of(record), place };
  }

  /**
   * Journals a login with its final place before it is written to the store. Once it is written it may be rotated, and
   * a process that finds the journal file must know the place. The file replaces the one without a final place.
   *
   * @returns whether the login may be written: not while the journal has only the file without a final place.
   */
  async #journalPlace({ ref, isJournaled }: UnstoredPair, inPlace: TokenRecord): Promise<boolean> {
    const again = await this.#journaling.put(ref, inPlace);
    if (isJournaled && !again) return false;
    this.#hold({ ref, record: inPlace, isJournaled: again });
    return true;
  }

  async #journal(ref: RecordRef, record: TokenRecord): Promise<UnstoredPair> {
    const issued = { ref, record, isJournaled: false };
    this.#hold(issued);
    const pair = { ...issued, isJournaled: await this.#journaling.put(ref, record) };
    this.#hold(pair);
    return pair;
  }

  async #commit(pair: UnstoredPair, before: Snapshot | null): Promise<PairPlace> {
    const committed = await this.#commits.commit(pair, before);
    if (committed !== "not yet" && committed !== "too large") return committed;
    return pair.isJournaled ? "journaled" : "in memory";
  }

  #giveUp(pair: UnstoredPair): void {
    const { key } = pair.ref;
    if (this.#unstored.get(key)?.record.fp === pair.record.fp) this.#unstored.delete(key);
    this.#tooLarge.set(key, pair);
  }

  /** Remembers `pair`, unless a newer one is remembered: a rotation may end after a login that outranks it. */
  #hold(pair: UnstoredPair): void {
    const known = this.#unstored.get(pair.ref.key);
    if (known === undefined || !isNewer(known.record, pair.record)) this.#unstored.set(pair.ref.key, pair);
  }

  /**
   * Replaces a pair that Feishu refused by the spare, with `check(token)` and `check(spare)`.
   *
   * @returns `null` when there is no spare of the same login, or only an older one.
   */
  async adopt(ref: RecordRef, snapshot: Snapshot): Promise<WriteOutcome | null> {
    const spare = snapshot.spare.value;
    const refused = tokenIn(snapshot.token.value);
    if (spare === null || refused === null || spare.fp === refused.fp) return null;
    if (!isSameLogin(spare, refused) || spare.gen < refused.gen) return null;
    const outcome = await this.#options.store.write(ref.name, {
      check: { token: snapshot.token.version, spare: snapshot.spare.version },
      set: { token: spare },
      remove: ["spare"],
      also: await this.#options.carried?.(ref, spare) ?? [],
      deadlineMs: COMMIT_DEADLINE_MS,
    });
    if (outcome.kind === "ok") this.#memory.observed(ref.key, spare);
    return outcome;
  }

  /** Forgets all pairs of a login that has ended: in memory, and in the journal. */
  async forget(ref: RecordRef, ended: Tombstone): Promise<void> {
    this.#memory.observed(ref.key, ended);
    for (const pairs of [this.#unstored, this.#tooLarge]) {
      const known = pairs.get(ref.key);
      if (known !== undefined && !replaces(known.record, ended)) pairs.delete(ref.key);
    }
    await this.#journaling.clear(ref, { ...ended, gen: Infinity });
  }

  /**
   * Drops `pair` and older ones from memory and journal. The journal is cleared in the background: no answer waits for
   * it.
   */
  #letGo({ ref, record }: UnstoredPair): void {
    this.#places.settled(record);
    for (const pairs of [this.#unstored, this.#tooLarge]) {
      const known = pairs.get(ref.key);
      if (known !== undefined && !isNewer(known.record, record)) pairs.delete(ref.key);
    }
    void this.#options.flights.detach(() => this.#journaling.clear(ref, record));
  }
}

/** What {@linkcode DurablePairs} needs. */
export interface DurablePairsOptions extends JournalWritesOptions {
  /** Where the records are. */
  readonly store: RecordStore;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
  /** Nonces and jitter. */
  readonly random: Random;
  /** Sealed values to write in the atomic write of a commit. */
  readonly carried?: (ref: RecordRef, record: TokenRecord) => Promise<readonly SealedChange[]>;
  /** Everything that runs detached from its callers. */
  readonly flights: SingleFlight;
  /** Aborted when the process is about to end: what is in the journal is left to the next start. */
  readonly stopping: AbortSignal;
  /** Aborted at the very end of the process: no commit is retried any more. Without it `stopping` is the end. */
  readonly ended?: AbortSignal;
}
