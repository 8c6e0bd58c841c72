import { errorClass } from "../../errors/error_class.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Random } from "../../ports/random.ts";
import { above, isRival, isSamePair, leavesGap, replaces } from "../../ports/record_order.ts";
import type { RecordStore, Snapshot, TokenRecord, Tombstone } from "../../ports/store.ts";
import { CLAIM_DEADLINE_MS, COMMIT_DEADLINE_MS } from "./limits.ts";
import type { SingleFlight } from "../../concurrency/single_flight.ts";
import { holdOffLease } from "./hold_off_lease.ts";
import { type RecordRef, rotatesInPlace } from "./record_ref.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import type { LastSeen } from "./last_seen.ts";

/** Logins of which this process may still be told that they are stored. */
const REMEMBERED_LOGINS = 1_000;
const RETRY_FIRST_PAUSE_MS = 100;
const RETRY_LONGEST_PAUSE_MS = 5_000;

/** What {@linkcode PendingCommits} needs. */
export interface PendingCommitsOptions {
  /** Where the records are. */
  readonly store: RecordStore;
  /** What the store was seen to hold. */
  readonly memory: LastSeen;
  /** Told of a pair that no database takes. */
  readonly onTooLarge: (pair: UnstoredPair) => void;
  /** Told once a pair is in the store, or worth nothing any more: it may be let go of. */
  readonly onSettled: (pair: UnstoredPair) => void;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
  /** Nonces and jitter. */
  readonly random: Random;
  /** One line an event. */
  readonly log: Log;
  /** Everything that runs detached from its callers. */
  readonly flights: SingleFlight;
  /** Aborted when the process is about to end: nobody waits any more for a store that is away, if the journal has the pair. */
  readonly stopping: AbortSignal;
  /** Aborted at the very end. */
  readonly ended: AbortSignal;
}

/** A pair on its way into the store. */
export interface UnstoredPair {
  /** Its record. */
  readonly ref: RecordRef;
  /** What Feishu issued. */
  readonly record: TokenRecord;
  /** Whether a login brought it: it follows on nothing, so that nothing can be missing before it. */
  readonly isLogin: boolean;
  /** Whether it outlives this process already. */
  readonly isJournaled: boolean;
}

/**
 * What the store has after a commit: the pair itself; another one, or the end of the login, that outranks it; neither yet;
 * or neither ever, since no database takes a pair of that size.
 */
export type Committed = "stored" | "outranked" | "not yet" | "too large";

/** The second half of step 6: a pair goes into the store, however often that takes, or turns out to be superseded. */
export class PendingCommits {
  readonly #options: PendingCommitsOptions;
  /** Each login's pair by its fingerprint, in the place in which it was first tried to be written. */
  readonly #placed = new LruMap<TokenRecord>(REMEMBERED_LOGINS);
  /** Pairs that no database takes, and of which that was said. */
  readonly #warnedOf = new LruMap<true>(REMEMBERED_LOGINS);

  /** On one store. */
  constructor(options: PendingCommitsOptions) {
    this.#options = options;
  }

  /**
   * Writes `pair` over what `before` shows; a second call for the same pair waits for the first. If that does not work out
   * at once, or where nobody could look before, it is tried again in the background, until the process ends.
   */
  async commit(pair: UnstoredPair, before: Snapshot | null): Promise<Committed> {
    const { flights } = this.#options;
    const name = nameOf(pair);
    const committed = before === null
      ? "not yet"
      : await flights.run(`commit ${name}`, () => this.#attempt(pair, before));
    if (committed === "not yet") flights.run(`retry ${name}`, () => this.#retry(pair)).catch(() => {});
    return committed;
  }

  /** Whether something is left to do for `pair` where the store shows `snapshot`: to write it, or to file it as a spare. */
  isUnsettled(pair: UnstoredPair, snapshot: Snapshot): boolean {
    return this.#isAbove(pair, snapshot.token.value) || this.#isToBeFiled(pair, snapshot);
  }

  /**
   * Whether the store shows less than was `seen` in it, or than `record`, a rotation, must have followed on: a file was
   * deleted, or restored from a backup.
   */
  wentBack(
    { ref, record, isLogin }: UnstoredPair,
    stored: TokenRecord | Tombstone | null,
    seen: TokenRecord | null,
  ): boolean {
    if (!ref.spends) return false;
    if (seen !== null && replaces(seen, stored)) return true;
    return rotatesInPlace(ref) && !isLogin && leavesGap(record, stored);
  }

  async #retry(pair: UnstoredPair): Promise<void> {
    const { store, clock, random, log, stopping, ended } = this.#options;
    const { name } = pair.ref;
    log.warn("token not stored yet, trying on", { kind: name.kind });
    const over = pair.isJournaled ? AbortSignal.any([stopping, ended]) : ended;
    for (let pause = RETRY_FIRST_PAUSE_MS;; pause = Math.min(2 * pause, RETRY_LONGEST_PAUSE_MS)) {
      await clock.sleep(pause * (0.5 + random.fraction()), over);
      try {
        const committed = await this.#attempt(pair, await store.read(name));
        if (committed === "too large") return;
        if (committed !== "not yet") return log.info("token stored after all", { kind: name.kind });
      } catch (error) {
        log.debug("store still away", { error: errorClass(error) });
      }
    }
  }

  async #attempt(pair: UnstoredPair, snapshot: Snapshot): Promise<Committed> {
    const isAbove = this.#isAbove(pair, snapshot.token.value);
    return isAbove ? await this.#write(pair, snapshot) : await this.#settleBy(pair, snapshot);
  }

  /** One commit, `check(token)` alone: a late rotation must land, whoever holds the lease by then. */
  async #write(pair: UnstoredPair, before: Snapshot): Promise<Committed> {
    const { store, memory, onSettled } = this.#options;
    const { ref } = pair;
    const stored = before.token.value;
    const record = this.#inPlace(pair, stored);
    const wentBack = this.wentBack(pair, stored, memory.newest(ref.key));
    const holdsOff = wentBack && rotatesInPlace(ref);
    const outcome = await store.write(ref.name, {
      check: { token: before.token.version },
      set: { token: record, ...(holdsOff ? { lease: holdOffLease(record.fp, this.#options) } : {}) },
      deadlineMs: COMMIT_DEADLINE_MS,
    });
    if (outcome.kind === "ok") {
      memory.observed(ref.key, record);
      onSettled({ ...pair, record });
      if (wentBack && !holdsOff) await this.#holdOffNext(ref, record);
      return "stored";
    }
    if (outcome.kind === "too large") {
      this.#warnOfSize(pair, outcome.bytes);
      this.#options.onTooLarge(pair);
      return "too large";
    }
    // A no may be the answer to a write that landed; only a look can tell.
    const after = await store.read(ref.name).catch(() => null);
    return after === null ? "not yet" : await this.#settleBy(pair, after);
  }

  /** One line a pair. */
  #warnOfSize(pair: UnstoredPair, bytes: number): void {
    const name = nameOf(pair);
    if (this.#warnedOf.get(name) !== undefined) return;
    this.#warnedOf.set(name, true);
    const keptIn = pair.isJournaled ? "journal" : "memory";
    this.#options.log.warn("pair too large for the store, kept by this machine alone", {
      kind: pair.ref.name.kind,
      bytes,
      kept_in: keptIn,
    });
  }

  /**
   * A link was healed: what it leads to is presented under a lease of its own record, and that may be lost too. Processes
   * that have not noticed would claim it at once. Whoever has claimed or stored something there meanwhile is left alone.
   */
  async #holdOffNext({ name }: RecordRef, { token, fp }: TokenRecord): Promise<void> {
    if (token.refreshToken === undefined) return;
    await this.#options.store.write({ ...name, presented: token.refreshToken }, {
      check: { token: null, lease: null },
      set: { lease: holdOffLease(fp, this.#options) },
      deadlineMs: CLAIM_DEADLINE_MS,
    });
  }

  /** Lets go of `pair` where what stands in the store leaves nothing to do: it is there, or what is there outranks it. */
  async #settleBy(pair: UnstoredPair, snapshot: Snapshot): Promise<Committed> {
    const stored = snapshot.token.value;
    if (this.#isAbove(pair, stored)) return "not yet";
    this.#options.memory.observed(pair.ref.key, stored);
    if (this.#isToBeFiled(pair, snapshot) && !await this.#fileSpare(pair, snapshot)) return "not yet";
    this.#options.onSettled(pair);
    return isSamePair(pair.record, stored) ? "stored" : "outranked";
  }

  /** Whether `pair` is to take the place of what is stored. A login that never was there always is. */
  #isAbove({ record, isLogin }: UnstoredPair, stored: TokenRecord | Tombstone | null): boolean {
    const placed = isLogin ? this.#placed.get(record.fp) : record;
    // Another process of the machine may have written it from the journal.
    const mayHaveBeenThere = placed !== undefined || stored?.login === record.login;
    return mayHaveBeenThere ? replaces(placed ?? record, stored) : !isSamePair(record, stored);
  }

  /**
   * `pair` as it is to be written. A login is placed above what is stored once, before it is first tried to be written:
   * from then on it may stand there and have been rotated, and only the order of records can tell.
   */
  #inPlace({ record, isLogin }: UnstoredPair, stored: TokenRecord | Tombstone | null): TokenRecord {
    if (!isLogin) return record;
    const placed = this.#placed.get(record.fp) ?? above(stored, record);
    this.#placed.set(record.fp, placed);
    return placed;
  }

  /** Whether `pair` is the other one of two that Feishu issued for one presentation, and no such one was filed yet. */
  #isToBeFiled({ ref, record }: UnstoredPair, { token, spare }: Snapshot): boolean {
    if (!rotatesInPlace(ref) || !isRival(record, token.value)) return false;
    return spare.value?.fp !== record.fp && replaces(record, spare.value);
  }

  /** It is kept, should Feishu refuse the one that was stored first. */
  async #fileSpare({ ref, record }: UnstoredPair, { spare }: Snapshot): Promise<boolean> {
    const { store, log } = this.#options;
    const outcome = await store.write(ref.name, {
      check: { spare: spare.version },
      set: { spare: record },
      deadlineMs: COMMIT_DEADLINE_MS,
    });
    // One that no database takes is as good as none.
    if (outcome.kind === "too large") return true;
    if (outcome.kind !== "ok") return false;
    log.warn("a second pair of the same generation was kept as a spare", { kind: ref.name.kind });
    return true;
  }
}

function nameOf({ ref: { key }, record: { fp } }: UnstoredPair): string {
  return `${key} ${fp}`;
}
