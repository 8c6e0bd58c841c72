import { errorClass } from "../../errors/error_class.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Random } from "../../ports/random.ts";
import {
  isBeforeLogout,
  isLoginAbove,
  isRival,
  isSameLogin,
  isSamePair,
  isTombstone,
  leavesGap,
  replaces,
} from "../../ports/record_order.ts";
import type { SealedChange } from "../../ports/sealed_change.ts";
import type { RecordStore, Snapshot, TokenRecord, Tombstone, Versioned } from "../../ports/store.ts";
import { CLAIM_DEADLINE_MS, COMMIT_DEADLINE_MS } from "./limits.ts";
import type { SingleFlight } from "../../concurrency/single_flight.ts";
import { holdOffLease } from "./hold_off_lease.ts";
import { type RecordRef, rotatesInPlace } from "./record_ref.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import type { LastSeen } from "./last_seen.ts";
import type { LoginPlaces } from "./login_places.ts";
import type { UnstoredPair } from "./unstored_pair.ts";

const REMEMBERED_WARNINGS = 1_000;
const RETRY_FIRST_PAUSE_MS = 100;
const RETRY_LONGEST_PAUSE_MS = 5_000;

/**
 * What the store has after a commit.
 *
 * - `stored`: the pair itself.
 * - `outranked`: another pair that is newer, or that was stored for the same presentation.
 * - `superseded`: the login of the pair itself, or a rotation of it. The login was finished before.
 * - `ended`: a tombstone, or a login from after a logout. No pair of the login before is stored any more.
 * - `not yet`: none of these. The commit is retried.
 * - `too large`: none of these, and the commit is not retried: no database takes a pair of that size.
 */
export type Committed = "stored" | "outranked" | "superseded" | "ended" | "not yet" | "too large";

/**
 * Commits pairs that Feishu has issued, and retries until the store has the pair or one that outranks it. The commit
 * checks the token alone: a late rotation must land, no matter who holds the lease by then.
 */
export class PendingCommits {
  readonly #options: PendingCommitsOptions;
  /** Pairs that no database takes and that the log has named. */
  readonly #warnedOf = new LruMap<true>(REMEMBERED_WARNINGS);

  /** On one store. */
  constructor(options: PendingCommitsOptions) {
    this.#options = options;
  }

  /**
   * Writes `pair` over what `before` shows; a second call for the same pair waits for the first. When that fails, or
   * when the store could not be read before, the commit is retried in the background until the process ends.
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

  /** Whether `pair` is still to be written, or filed as a spare, where the store shows `snapshot`. */
  isUnsettled(pair: UnstoredPair, snapshot: Snapshot): boolean {
    return this.#isAbove(pair, snapshot.token) || this.#isToBeFiled(pair, snapshot);
  }

  /**
   * Whether the store has lost what it held, because its file was deleted or restored from a backup: it holds less than
   * it was `seen` to hold, or a generation before the pair is missing.
   */
  wentBack(
    { ref, record }: UnstoredPair,
    stored: TokenRecord | Tombstone | null,
    seen: TokenRecord | null,
  ): boolean {
    if (!ref.spends) return false;
    if (seen !== null && replaces(seen, stored)) return true;
    return rotatesInPlace(ref) && record.isLogin !== true && leavesGap(record, stored);
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
    const { places, onSettled } = this.#options;
    const known = await places.lookUp(pair);
    if (known === "unknown") return "not yet";
    if (known === "settled") {
      onSettled(pair);
      return "superseded";
    }
    const isAbove = this.#isAbove(pair, snapshot.token);
    return isAbove ? await this.#write(pair, snapshot) : await this.#settleBy(pair, snapshot);
  }

  async #write(pair: UnstoredPair, before: Snapshot): Promise<Committed> {
    const { store, memory, places, onSettled, carried } = this.#options;
    const { ref } = pair;
    const stored = before.token.value;
    const record = pair.record.isLogin === true
      ? await places.place(pair, before.token)
      // An empty store: a wall is a version of the database that is gone, and means nothing in this one.
      : stored === null
      ? withoutWall(pair.record)
      : pair.record;
    if (record === null) return "not yet";
    const wentBack = this.wentBack(pair, stored, memory.newest(ref.key));
    const holdsOff = wentBack && rotatesInPlace(ref);
    const outcome = await store.write(ref.name, {
      check: { token: before.token.version },
      set: { token: record, ...(holdsOff ? { lease: holdOffLease(record.fp, this.#options) } : {}) },
      also: await carried?.(ref, record) ?? [],
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
    // A failed commit may still have been applied: read again.
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
   * The store has lost a link, and with it perhaps the lease of the record that the link leads to. Other processes have
   * not noticed and would claim that record at once: a lease of nobody holds them off. If another process has claimed
   * or stored something there meanwhile, the check fails and nothing is written.
   */
  async #holdOffNext({ name }: RecordRef, { token, fp }: TokenRecord): Promise<void> {
    if (token.refreshToken === undefined || name.kind !== "caller") return;
    await this.#options.store.write({ ...name, presented: token.refreshToken }, {
      check: { token: null, lease: null },
      set: { lease: holdOffLease(fp, this.#options) },
      deadlineMs: CLAIM_DEADLINE_MS,
    });
  }

  /** Settles `pair` if the store holds it or what outranks it. A second pair of one presentation is filed first. */
  async #settleBy(pair: UnstoredPair, snapshot: Snapshot): Promise<Committed> {
    const stored = snapshot.token.value;
    if (this.#isAbove(pair, snapshot.token)) return "not yet";
    this.#options.memory.observed(pair.ref.key, stored);
    if (this.#isToBeFiled(pair, snapshot) && !await this.#fileSpare(pair, snapshot)) return "not yet";
    this.#options.onSettled(pair);
    if (isSamePair(pair.record, stored)) return "stored";
    const isEnded = (stored !== null && isTombstone(stored)) || isBeforeLogout(pair.record, snapshot.token);
    if (isEnded) return "ended";
    const isSuperseded = pair.record.isLogin === true && stored !== null &&
      isSameLogin(this.#options.places.of(pair.record), stored);
    return isSuperseded ? "superseded" : "outranked";
  }

  /** Whether to write `pair` over what is stored: it is newer, and no logout came after its login. */
  #isAbove({ record }: UnstoredPair, token: Versioned<TokenRecord | Tombstone>): boolean {
    if (isBeforeLogout(record, token)) return false;
    return record.isLogin === true
      ? isLoginAbove(this.#options.places.of(record), token.value)
      : replaces(record, token.value);
  }

  /** Whether Feishu issued `pair` as a second answer to one presentation, and no such pair is filed yet. */
  #isToBeFiled({ ref, record }: UnstoredPair, { token, spare }: Snapshot): boolean {
    if (!rotatesInPlace(ref) || !isRival(record, token.value)) return false;
    return spare.value?.fp !== record.fp && replaces(record, spare.value);
  }

  /** Files the pair as the spare, for the case that Feishu refuses the one that was stored first. */
  async #fileSpare({ ref, record }: UnstoredPair, { spare }: Snapshot): Promise<boolean> {
    const { store, log } = this.#options;
    const outcome = await store.write(ref.name, {
      check: { spare: spare.version },
      set: { spare: record },
      deadlineMs: COMMIT_DEADLINE_MS,
    });
    // A pair that no database takes cannot be filed either.
    if (outcome.kind === "too large") return true;
    if (outcome.kind !== "ok") return false;
    log.warn("a second pair of the same generation was kept as a spare", { kind: ref.name.kind });
    return true;
  }
}

function withoutWall({ wall: _wall, ...record }: TokenRecord): TokenRecord {
  return record;
}

function nameOf({ ref: { key }, record: { fp } }: UnstoredPair): string {
  return `${key} ${fp}`;
}

/** What {@linkcode PendingCommits} needs. */
export interface PendingCommitsOptions {
  /** Where the records are. */
  readonly store: RecordStore;
  /** What the store was seen to hold. */
  readonly memory: LastSeen;
  /** Told of a pair that is too large for any database. */
  readonly onTooLarge: (pair: UnstoredPair) => void;
  /** Where each login goes in the order of records. */
  readonly places: LoginPlaces;
  /** Told once a pair is in the store, or is outranked or ended. */
  readonly onSettled: (pair: UnstoredPair) => void;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
  /** Nonces and jitter. */
  readonly random: Random;
  /** One line an event. */
  readonly log: Log;
  /** Sealed values to write in the atomic write of a commit, such as the entry of the index of grants. */
  readonly carried?: ((ref: RecordRef, record: TokenRecord) => Promise<readonly SealedChange[]>) | undefined;
  /** Everything that runs detached from its callers. */
  readonly flights: SingleFlight;
  /** Aborted when the process is about to end: pairs that are in the journal are not retried any more. */
  readonly stopping: AbortSignal;
  /** Aborted at the very end. */
  readonly ended: AbortSignal;
}
