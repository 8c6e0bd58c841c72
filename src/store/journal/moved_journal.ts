import type { ClearedPair, Fingerprints, Journal, RecordName, TokenRecord } from "../../ports/store.ts";

/**
 * The journal of a store that was given its server key later. A pair that is in it under its record's former name is
 * written again under the new one, before anything is decided by what the journal has.
 */
export class MovedJournal implements Journal {
  readonly #options: MovedJournalOptions;

  /** On one folder, under both names. */
  constructor(options: MovedJournalOptions) {
    this.#options = options;
  }

  /** Journals a pair, under the new name. */
  async put(name: RecordName, record: TokenRecord): Promise<void> {
    await this.#options.now.put(name, record);
  }

  /** The newest pair of this record, or `null`. */
  async newest(name: RecordName): Promise<TokenRecord | null> {
    await this.#move(name);
    return await this.#options.now.newest(name);
  }

  /** The pair of this record with this fingerprint, or `null`. */
  async find(name: RecordName, fp: string): Promise<TokenRecord | null> {
    await this.#move(name);
    return await this.#options.now.find(name, fp);
  }

  /** Removes a pair and every older one. */
  async clear(name: RecordName, upTo: ClearedPair): Promise<void> {
    await this.#options.now.clear(name, upTo);
  }

  /** Writes something of its own and removes it. */
  async probe(): Promise<void> {
    await this.#options.now.probe();
  }

  async #move(name: RecordName): Promise<void> {
    const { now, former, fingerprints } = this.#options;
    const { credentials } = name;
    if (credentials.appSecret.reveal() === "") return;
    const found = await former.newest(name);
    if (found === null) return;
    const { accessToken, refreshToken } = found.token;
    await now.put(name, {
      ...found,
      fp: await fingerprints.ofToken(credentials, refreshToken ?? accessToken),
      secretFp: await fingerprints.ofAppSecret(credentials),
    });
    await former.clear(name, found);
  }
}

/** What {@linkcode MovedJournal} needs. */
export interface MovedJournalOptions {
  /** The journal under the names of the server key. */
  readonly now: Journal;
  /** The same folder, under the names of the apps' secrets. */
  readonly former: Journal;
  /** Made with the server key. */
  readonly fingerprints: Fingerprints;
}
