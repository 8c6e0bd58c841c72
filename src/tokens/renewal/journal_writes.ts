import { errorClass } from "../../errors/error_class.ts";
import type { Log } from "../../ports/log.ts";
import type { ClearedPair, Journal, TokenRecord } from "../../ports/store.ts";
import type { RecordRef } from "./record_ref.ts";

/** What {@linkcode JournalWrites} needs. */
export interface JournalWritesOptions {
  /** Journal of this machine; `null` where no disk outlives the process. */
  readonly journal: Journal | null;
  /** Told of what could not be written or cleared. */
  readonly log: Log;
}

/**
 * The journal as {@linkcode DurablePairs} uses it: it may be absent, and a failed write withholds no pair from a
 * caller.
 */
export class JournalWrites {
  readonly #options: JournalWritesOptions;
  /** By record, the writes in progress. */
  readonly #underWay = new Map<string, Promise<void>>();

  /** On the journal of this machine, if it has one. */
  constructor(options: JournalWritesOptions) {
    this.#options = options;
  }

  /** Journals a pair. Resolves to whether that has worked. */
  async put(ref: RecordRef, record: TokenRecord): Promise<boolean> {
    const { key } = ref;
    const writing = this.#write(ref, record);
    // A login during a rotation makes two writes at once: `settled()` must wait for both.
    const all = Promise.all([this.#underWay.get(key), writing]).then(() => {
      if (this.#underWay.get(key) === all) this.#underWay.delete(key);
    });
    this.#underWay.set(key, all);
    return await writing;
  }

  /**
   * Waits for the journal writes of this record that are in progress now, so that no pair is committed or handed out
   * before it is in the journal.
   */
  async settled({ key }: RecordRef): Promise<void> {
    await this.#underWay.get(key);
  }

  /**
   * The newest pair of a record in the journal, or `null`.
   *
   * @throws TokenError `store_unavailable` or `store_unreadable` when the journal cannot be read.
   */
  async newest({ name }: RecordRef): Promise<TokenRecord | null> {
    return await this.#options.journal?.newest(name) ?? null;
  }

  /**
   * The pair with the fingerprint `fp` in the journal, or `null`.
   *
   * @throws TokenError as {@linkcode JournalWrites.newest}.
   */
  async find(ref: RecordRef, fp: string): Promise<TokenRecord | null> {
    return await this.#options.journal?.find(ref.name, fp) ?? null;
  }

  /** Removes the pair `upTo` and every older one. A failure is logged. */
  async clear(ref: RecordRef, upTo: ClearedPair): Promise<void> {
    const { journal, log } = this.#options;
    if (!ref.spends || journal === null) return;
    // A file that stays is dropped at the next start, as older than what the store holds.
    await journal.clear(ref.name, upTo).catch((error) =>
      log.warn("journal not cleared", { error: errorClass(error) })
    );
  }

  async #write(ref: RecordRef, record: TokenRecord): Promise<boolean> {
    const { journal, log } = this.#options;
    if (!ref.spends || journal === null) return false;
    try {
      await journal.put(ref.name, record);
      return true;
    } catch (error) {
      log.error("journal not written", { error: errorClass(error) });
      return false;
    }
  }
}
