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
/** Reads of one record, each after a pair was written that the store lacked. */
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
 * Where a pair is that Feishu has issued.
 *
 * - `stored`: in the store.
 * - `outranked`: nowhere: the store has another pair for the same presentation, or a newer one.
 * - `superseded`: nowhere: the store has a later state of the same login. Of a login that is finished again.
 * - `ended`: nowhere: the user has logged out.
 * - `journaled`: in memory and in the journal. The commit is retried, unless no database takes a pair of that size.
 * - `in memory`: there alone, so that it is lost with this process. The commit is retried.
 */
export type PairPlace = "stored" | "outranked" | "superseded" | "ended" | "journaled" | "in memory";

/**
 * Makes a pair durable: memory, journal, store, in this order. Memory and journal let go of it once the store was seen to
 * have it or a newer one. `read()` does the reverse: a pair that memory or journal has and the store lacks is written before
 * anything else is done with the record (promise 3).
 */
export class DurablePairs {
  readonly #options: DurablePairsOptions;
  readonly #unstored = new Map<string, UnstoredPair>();
  /** Pairs that no database takes: the journal has them to their end, or where there is none this process. */
  readonly #tooLarge = new LruMap<UnstoredPair>(REMEMBERED_TOO_LARGE);
  readonly #journaling: JournalWrites;
  readonly #memory: LastSeen;
  readonly #places: LoginPlaces;
  readonly #commits: PendingCommits;
  #wentBackAtMs = -Infinity;

  /** On one store and the journal beside it. */
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
   * Whether the store was found a short while ago to have lost what it once held: a file deleted, or restored from a
   * backup. Others may have presented tokens under leases that are lost as well.
   */
  storeWentBack(): boolean {
    const { store, clock } = this.#options;
    return clock.monotonic() - Math.max(this.#wentBackAtMs, store.replacedAtMs) < SPENDING_LIMITS.lifeMs;
  }

  /**
   * The record as far as anybody on this machine knows it: the store's snapshot, or what memory or the journal have
   * beyond it, which is written first.
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

  /** One read; `null` after a pair was written that the store lacked: the store may have lost that again. */
  async #readOnce(ref: RecordRef): Promise<RecordView | null> {
    const { store, clock, log } = this.#options;
    const readAtMs = clock.monotonic();
    // Noted first: what this process stores while the store is read is no sign that the store has lost it.
    const seen = this.#memory.newest(ref.key);
    // Memory and journal before the store, since a pair moves from there into the store: whichever moment it does so, it is
    // seen in one of them.
    const onItsWay = await this.#onItsWay(ref);
    const snapshot = await store.read(ref.name);
    const stored = snapshot.token.value;
    const known = this.#beyond(ref, snapshot, seen, onItsWay);
    if (known === null) {
      // What the journal still holds is stored, or is outranked.
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
   * Whether this process or its machine has by now something beyond what `look` shows; or, where the version of a claim made
   * since is given, the store has, or has lost the claim.
   *
   * @throws TokenError `store_unavailable` or `store_unreadable` when journal or store cannot be read.
   */
  async knowsBeyond(ref: RecordRef, look: Snapshot, claimed: string | null): Promise<boolean> {
    const seen = this.#memory.newest(ref.key);
    if (this.#beyond(ref, look, seen, await this.#onItsWay(ref)) !== null) return true;
    if (claimed === null) return false;
    // After the journal: what has left that was stored before.
    const { token, lease } = await this.#options.store.read(ref.name);
    return token.version !== look.token.version || lease.version !== claimed;
  }

  /**
   * The newest pair that this process remembers or its machine has noted, for when the store does not answer; `null` where
   * there is none.
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
   * The newer of the pair that this process has `seen` stored and the one `onItsWay`, where the store shows neither; else
   * `null`.
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

  /** The newest pair that is or was on its way into the store: this process's own, or one that its machine has noted. */
  async #onItsWay(ref: RecordRef): Promise<UnstoredPair | null> {
    await this.#journaling.settled(ref);
    const own = this.#unstored.get(ref.key) ?? this.#tooLarge.get(ref.key) ?? null;
    const noted = ref.spends ? await this.#journaling.newest(ref) : null;
    if (noted === null || (own !== null && !isNewer(noted, own.record))) return own;
    return { ref, record: noted, isJournaled: true };
  }

  /**
   * Makes a pair durable that Feishu has issued.
   *
   * @param before the last snapshot of the record; `null` where the store could not be read.
   */
  async keep(ref: RecordRef, record: TokenRecord, before: Snapshot | null): Promise<PairPlace> {
    return await this.#commit(await this.#journal(ref, record), before);
  }

  /**
   * Makes the pair durable that a login has brought: the journal has it before the store is read, since the code of the
   * authorization is spent.
   *
   * @param record in the place that it has if there is nothing that it must be above.
   * @returns the record as it was placed, and where it is.
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
   * Journals a login in its place, in the file that has held it so far.
   *
   * @returns whether the login may be written: not while the journal has it without its place.
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

  /** Does not replace a newer pair: a rotation may come back after the login that outranks it. */
  #hold(pair: UnstoredPair): void {
    const known = this.#unstored.get(pair.ref.key);
    if (known === undefined || !isNewer(known.record, pair.record)) this.#unstored.set(pair.ref.key, pair);
  }

  /**
   * Puts the spare pair in the place of one that Feishu refused: `check(token)`, `check(spare)`.
   *
   * @returns `null` when there is none of this login that is no older.
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

  /** The journal is cleared beside the answer: nobody waits for that. */
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
  /** Aborted at the very end: nothing is tried any more. Without it `stopping` is the end. */
  readonly ended?: AbortSignal;
}
