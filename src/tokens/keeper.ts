import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { isNewer } from "../ports/record_order.ts";
import type { Journal, RecordName, RecordStore, Snapshot, TokenRecord } from "../ports/store.ts";
import { COMMIT_DEADLINE_MS, SPENDING_LIMITS } from "./constants.ts";
import type { Flights } from "./flights.ts";
import { RecentlyUsed } from "./recently_used.ts";

/** Records remembered so that a store that lost them can be healed. */
const REMEMBERED_RECORDS = 2_000;
const RETRY_FIRST_PAUSE_MS = 100;
const RETRY_LONGEST_PAUSE_MS = 5_000;

/** What {@linkcode Keeper} needs. */
export interface KeeperOptions {
  /** Where the records are. */
  readonly store: RecordStore;
  /** Beside the store; `null` where there is no durable disk. */
  readonly journal: Journal | null;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
  /** Nonces and jitter. */
  readonly random: Random;
  /** One line an event. */
  readonly log: Log;
  /** Everything that runs detached from its callers. */
  readonly flights: Flights;
  /** Aborted when the process ends: ends the wait for a store that is away. */
  readonly stopping: AbortSignal;
}

/** A record and the name under which this process knows it. */
export interface KeptName {
  /** The record. */
  readonly name: RecordName;
  /** Names the record inside this process. */
  readonly key: string;
  /** Whether a lost record is a lost login: then it is journaled. */
  readonly spends: boolean;
}

/**
 * Step 6 of the renewal: a pair that Feishu has issued goes to memory, then to the journal, then into the store, and is
 * let go of only once the store was seen to hold it or a newer one. And step 2's first rule: whoever knows more than the
 * store writes that first.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #unstored = new Map<string, TokenRecord>();
  /** The newest record that the store was seen to hold, by key. */
  readonly #stored = new RecentlyUsed<TokenRecord>(REMEMBERED_RECORDS);
  #wentBackAtMs = -Infinity;

  /** On one store and the journal beside it. */
  constructor(options: KeeperOptions) {
    this.#options = options;
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
    return this.#options.clock.monotonic() - this.#wentBackAtMs < SPENDING_LIMITS.lifeMs;
  }

  /**
   * The record as far as anybody on this machine knows it: the store's snapshot, or what memory or the journal have
   * beyond it, which is then on its way into the store.
   */
  async read(kept: KeptName): Promise<Snapshot> {
    const { store, clock, log } = this.#options;
    const snapshot = await store.read(kept.name);
    const stored = snapshot.token.value;
    const remembered = this.#stored.get(kept.key) ?? null;
    if (stored !== null && (remembered === null || isNewer(stored, remembered))) {
      this.#stored.set(kept.key, stored);
    }
    const known = this.#unstored.get(kept.key) ?? await this.#beyond(kept, stored, remembered);
    if (known === null || !goesBefore(known, stored)) return snapshot;
    if (known === remembered) {
      this.#wentBackAtMs = clock.monotonic();
      log.warn("store went back behind what it held, healing it from memory", { kind: kept.name.kind });
    } else {
      log.warn("store is behind memory or journal, writing back", { kind: kept.name.kind });
    }
    await this.#commit(kept, known, snapshot);
    return { ...snapshot, token: { value: known, version: snapshot.token.version } };
  }

  /** What the journal or this process's memory of the store has beyond the store. */
  async #beyond(
    kept: KeptName,
    stored: TokenRecord | null,
    remembered: TokenRecord | null,
  ): Promise<TokenRecord | null> {
    if (remembered !== null && goesBefore(remembered, stored) && !this.#hasLapsed(remembered)) {
      return remembered;
    }
    if (!kept.spends || stored !== null) return null;
    return await this.#options.journal?.newest(kept.name) ?? null;
  }

  /** Whether the store may have cleaned the record up by itself. */
  #hasLapsed({ token }: TokenRecord): boolean {
    return Math.max(token.expiresAtMs, token.refreshExpiresAtMs ?? 0) <= this.#options.clock.now();
  }

  /**
   * Keeps what Feishu has issued.
   *
   * @returns whether it is durable: in the journal or in the store. If not, it is served from memory and tried on.
   */
  async keep(kept: KeptName, record: TokenRecord, before: Snapshot): Promise<boolean> {
    const { journal, log } = this.#options;
    this.#unstored.set(kept.key, record);
    let journaled = false;
    if (kept.spends && journal !== null) {
      try {
        await journal.put(kept.name, record);
        journaled = true;
      } catch (error) {
        log.error("journal not written", { error: String(error) });
      }
    }
    const stored = await this.#commit(kept, record, before);
    return stored || journaled;
  }

  async #commit(kept: KeptName, record: TokenRecord, before: Snapshot): Promise<boolean> {
    if (await this.#tryCommit(kept, record, before.token.version)) return true;
    const { flights, log } = this.#options;
    log.warn("token not stored yet, trying on", { kind: kept.name.kind });
    flights.join(`commit ${kept.key}`, () => this.#commitForEver(kept, record)).catch(() => {});
    return false;
  }

  async #commitForEver(kept: KeptName, record: TokenRecord): Promise<void> {
    const { store, clock, random, log, stopping } = this.#options;
    for (let pause = RETRY_FIRST_PAUSE_MS;; pause = Math.min(2 * pause, RETRY_LONGEST_PAUSE_MS)) {
      await clock.sleep(pause * (0.5 + random.fraction()), stopping);
      try {
        const { token } = await store.read(kept.name);
        if (!goesBefore(record, token.value)) return await this.#letGo(kept, record);
        if (await this.#tryCommit(kept, record, token.version)) {
          return log.info("token stored after all", { kind: kept.name.kind });
        }
      } catch (error) {
        log.debug("store still away", { error: String(error) });
      }
    }
  }

  /** One commit, `check(token)` alone: a late rotation must land, whoever holds the lease by then. */
  async #tryCommit(kept: KeptName, record: TokenRecord, version: string | null): Promise<boolean> {
    const { store } = this.#options;
    const outcome = await store.write(kept.name, {
      check: { token: version },
      set: { token: record },
      deadlineMs: COMMIT_DEADLINE_MS,
    });
    if (outcome.kind === "ok") {
      this.#stored.set(kept.key, record);
      await this.#letGo(kept, record);
      return true;
    }
    const stored = await store.read(kept.name).then(({ token }) => token.value, () => undefined);
    if (stored === undefined || goesBefore(record, stored)) return false;
    await this.#letGo(kept, record);
    return true;
  }

  async #letGo(kept: KeptName, record: TokenRecord): Promise<void> {
    const { journal, log } = this.#options;
    const known = this.#unstored.get(kept.key);
    if (known !== undefined && !isNewer(known, record)) this.#unstored.delete(kept.key);
    if (!kept.spends || journal === null) return;
    // A file that stays is dropped at the next start, as older than what the store holds.
    await journal.clear(kept.name, record).catch((error) =>
      log.warn("journal not cleared", { error: String(error) })
    );
  }
}

function goesBefore(record: TokenRecord, stored: TokenRecord | null): boolean {
  return stored === null || isNewer(record, stored);
}
