import { errorClass } from "../../errors/error_class.ts";
import type { Log } from "../../ports/log.ts";
import type { ClearedPair, Journal, TokenRecord } from "../../ports/store.ts";
import type { RecordRef } from "./record_ref.ts";

/** What {@linkcode JournalWrites} needs. */
export interface JournalWritesOptions {
  /** Beside the store; `null` where there is no durable disk. */
  readonly journal: Journal | null;
  /** Told of what could not be written or cleared. */
  readonly log: Log;
}

/** The journal as the pairs uses it: it may be absent, and a failure of it keeps nobody from a pair. */
export class JournalWrites {
  readonly #options: JournalWritesOptions;
  /** By record, what is on its way. */
  readonly #underWay = new Map<string, Promise<void>>();

  /** On the journal of this machine, if it has one. */
  constructor(options: JournalWritesOptions) {
    this.#options = options;
  }

  /** Writes down a pair; whether that has worked. */
  async put(ref: RecordRef, record: TokenRecord): Promise<boolean> {
    const { key } = ref;
    const writing = this.#write(ref, record);
    // Of two pairs, as a login during a rotation makes them, neither may be forgotten while it is written.
    const all = Promise.all([this.#underWay.get(key), writing]).then(() => {
      if (this.#underWay.get(key) === all) this.#underWay.delete(key);
    });
    this.#underWay.set(key, all);
    return await writing;
  }

  /**
   * Resolves when none of the pairs is on its way that were so at the call: nobody else commits a pair, or is answered with
   * it, before it is in the journal.
   */
  async settled({ key }: RecordRef): Promise<void> {
    await this.#underWay.get(key);
  }

  /**
   * The newest pair noted for a record, or `null`.
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

  /** Forgets the pair `upTo` and every older one. */
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
