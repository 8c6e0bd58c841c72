import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import { isNewer, replaces, tokenIn } from "../../ports/record_order.ts";
import type { RecordStore, Snapshot, TokenRecord, Tombstone, WriteOutcome } from "../../ports/store.ts";
import { PendingCommits, type UnstoredPair } from "./pending_commits.ts";
import { COMMIT_DEADLINE_MS, SPENDING_LIMITS } from "./limits.ts";
import type { SingleFlight } from "../../concurrency/single_flight.ts";
import { JournalWrites, type JournalWritesOptions } from "./journal_writes.ts";
import type { RecordRef } from "./record_ref.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import { LastSeen } from "./last_seen.ts";

const REMEMBERED_TOO_LARGE = 100;

/** What {@linkcode DurablePairs} needs. */
export interface DurablePairsOptions extends JournalWritesOptions {
  /** Where the records are. */
  readonly store: RecordStore;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
  /** Nonces and jitter. */
  readonly random: Random;
  /** Everything that runs detached from its callers. */
  readonly flights: SingleFlight;
  /** Aborted when the process is about to end: what is in the journal is left to the next start. */
  readonly stopping: AbortSignal;
  /** Aborted at the very end: nothing is tried any more. Without it `stopping` is the end. */
  readonly ended?: AbortSignal;
}

/** A record as far as anybody on this machine knows it. */
export interface RecordView extends Snapshot {
  /** Whether `token` is what memory or the journal has beyond the store, and is not written yet. */
  readonly isUnstored: boolean;
  /** Whether `token` outlives this process: it is in the store or in the journal. */
  readonly isDurable: boolean;
  /** When the reading began, in milliseconds of the monotonic clock. */
  readonly readAtMs: number;
}

/**
 * Where a pair is that Feishu has issued. `outranked`: nowhere, since the store has another one for the same presentation,
 * or a later state of the login. Of the others `in memory` alone does not outlive this process; that and `journaled` are
 * tried again until the store has them, unless no database takes a pair of that size.
 */
export type PairPlace = "stored" | "outranked" | "journaled" | "in memory";

/**
 * Step 6 of the renewal: a pair that Feishu has issued goes to memory, then to the journal, then into the store, and is
 * let go of only once the store was seen to hold it or a newer one. And step 2's first rule: a process that knows more than
 * the store writes that first.
 */
export class DurablePairs {
  readonly #options: DurablePairsOptions;
  readonly #unstored = new Map<string, UnstoredPair>();
  /** Pairs that no database takes: the journal has them to their end, or where there is none this process. */
  readonly #tooLarge = new LruMap<UnstoredPair>(REMEMBERED_TOO_LARGE);
  readonly #journaling: JournalWrites;
  readonly #memory: LastSeen;
  readonly #commits: PendingCommits;
  #wentBackAtMs = -Infinity;

  /** On one store and the journal beside it. */
  constructor(options: DurablePairsOptions) {
    this.#options = options;
    this.#memory = new LastSeen(options.clock);
    this.#journaling = new JournalWrites(options);
    this.#commits = new PendingCommits({
      ...options,
      ended: options.ended ?? options.stopping,
      memory: this.#memory,
      onSettled: (pair) => this.#letGo(pair),
      onTooLarge: (pair) => this.#giveUp(pair),
    });
  }

  /** Whether no database takes `record`, so that only this machine has it. */
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
      this.#memory.observed(ref.key, stored);
      return { ...snapshot, isUnstored: false, isDurable: true, readAtMs };
    }
    const { kind } = ref.name;
    if (this.#commits.wentBack(known, stored, seen)) {
      this.#wentBackAtMs = clock.monotonic();
      log.warn("store went back behind what it held, healing it", { kind });
    } else log.info("store lacks a pair yet, writing it", { kind });
    const committed = await this.#commits.commit(known, snapshot);
    // Written: then again, since the store may have gone back once more.
    if (committed === "stored" || committed === "outranked") return await this.read(ref);
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
    if (seen === null || !replaces(seen, snapshot.token.value)) return pair;
    if (pair !== null && !isNewer(seen, pair.record)) return pair;
    return { ref, record: seen, isLogin: false, isJournaled: false };
  }

  /** The newest pair that is or was on its way into the store: this process's own, or one that its machine has noted. */
  async #onItsWay(ref: RecordRef): Promise<UnstoredPair | null> {
    await this.#journaling.settled(ref);
    const own = this.#unstored.get(ref.key) ?? this.#tooLarge.get(ref.key) ?? null;
    const noted = ref.spends ? await this.#journaling.newest(ref) : null;
    if (noted === null || (own !== null && !isNewer(noted, own.record))) return own;
    return { ref, record: noted, isLogin: false, isJournaled: true };
  }

  /**
   * Keeps what Feishu has issued; `isLogin` where the user has just authorized the app.
   *
   * @param before the last look at the record; `null` where the store could not be read.
   */
  async keep(
    ref: RecordRef,
    record: TokenRecord,
    before: Snapshot | null,
    isLogin = false,
  ): Promise<PairPlace> {
    const issued = { ref, record, isLogin, isJournaled: false };
    this.#hold(issued);
    const pair = { ...issued, isJournaled: await this.#journaling.put(ref, record) };
    this.#hold(pair);
    const committed = await this.#commits.commit(pair, before);
    if (committed === "stored" || committed === "outranked") return committed;
    return pair.isJournaled ? "journaled" : "in memory";
  }

  #giveUp(pair: UnstoredPair): void {
    const { key } = pair.ref;
    if (this.#unstored.get(key)?.record.fp === pair.record.fp) this.#unstored.delete(key);
    this.#tooLarge.set(key, pair);
  }

  /** Not over a newer one: a rotation may come back after the login that outranks it. */
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
    if (spare.login !== refused.login || spare.gen < refused.gen) return null;
    const outcome = await this.#options.store.write(ref.name, {
      check: { token: snapshot.token.version, spare: snapshot.spare.version },
      set: { token: spare },
      remove: ["spare"],
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
    await this.#journaling.clear(ref, { login: ended.login, gen: Infinity });
  }

  /** The journal is cleared beside the answer: nobody waits for that. */
  #letGo({ ref, record }: UnstoredPair): void {
    for (const pairs of [this.#unstored, this.#tooLarge]) {
      const known = pairs.get(ref.key);
      if (known !== undefined && !isNewer(known.record, record)) pairs.delete(ref.key);
    }
    void this.#options.flights.detach(() => this.#journaling.clear(ref, record));
  }
}
