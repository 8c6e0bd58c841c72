import { StartError } from "../../errors/start_error.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import { isNewer, isTombstone } from "../../ports/record_order.ts";
import type { ClearedPair, Journal, RecordName, TokenRecord } from "../../ports/store.ts";
import { base64url } from "../files/bytes.ts";
import { flushFolder, writeFlushed } from "../files/durable_files.ts";
import { ioReason } from "../files/io_reason.ts";
import { isMissing } from "../files/is_missing.ts";
import { encodeEntry } from "./journal_entry.ts";
import {
  filePrefix,
  type JournalFile,
  JournalFiles,
  type JournalFilesOptions,
  suffixesOf,
} from "./journal_files.ts";
import type { AppKeys, Keyring } from "../sealing/keyring.ts";
import { placesOf, type RecordPlace } from "../records/keys.ts";
import { makeOwnFolder } from "../files/private_files.ts";
import { keepTokenUntilMs } from "../records/retention.ts";
import { openHead, RecordSealing } from "../records/stored_value.ts";
import { storeUnavailable } from "../files/store_unavailable.ts";

const PUT_ROUNDS = 3;

/** A journal folder with one file a pair: a draft is written, flushed and renamed, the folder flushed (promise 3). */
export class JournalFolder implements Journal {
  readonly #options: JournalFolderOptions;
  readonly #files: JournalFiles;

  /** On an existing folder. */
  constructor(options: JournalFolderOptions) {
    this.#options = options;
    this.#files = new JournalFiles(options);
  }

  /**
   * Writes the pair. When it resolves, the file is on the medium, whole and under its final name.
   *
   * @throws TokenError `store_unavailable` when it cannot be written.
   */
  async put(name: RecordName, record: TokenRecord): Promise<void> {
    const { folder, os, clock } = this.#options;
    const { keys, place, sealing } = await this.#record(name);
    const value = await sealing.sealToken(record, keepTokenUntilMs(name, record, clock.now()));
    const text = encodeEntry({ store: await keys.storeId(), place, value });
    for (let round = 1;; round++) {
      const draft = this.#draft(place.kind);
      try {
        await this.#inFolder(() => writeFlushed(draft, text));
        await Deno.rename(draft, `${folder}/${fileName(place, record)}`);
        return await flushFolder(folder, os);
      } catch (error) {
        await Deno.remove(draft).catch(() => {});
        // The draft is gone. Another process may have found it and stored its pair; this one cannot tell, and writes
        // again.
        if (isMissing(error) && round < PUT_ROUNDS) continue;
        throw unwritable(this.#options.folder, error);
      }
    }
  }

  /**
   * Writes a file and removes it.
   *
   * @throws TokenError `store_unavailable` when that fails.
   */
  async probe(): Promise<void> {
    const draft = this.#draft("app");
    try {
      await this.#inFolder(() => Deno.writeTextFile(draft, "a probe", { createNew: true, mode: 0o600 }));
    } catch (error) {
      throw unwritable(this.#options.folder, error);
    } finally {
      await Deno.remove(draft).catch(() => {});
    }
  }

  /**
   * The newest pair of this record in the journal, or `null`. A whole draft of a killed process counts: the process
   * that takes over must not present the refresh token which that process has spent.
   *
   * @throws TokenError `store_unavailable` when the folder cannot be read, `store_unreadable` when a file does not
   * open.
   */
  async newest(name: RecordName): Promise<TokenRecord | null> {
    let newest: TokenRecord | null = null;
    for (const record of await this.#pairs(name)) {
      if (newest === null || isNewer(record, newest)) newest = record;
    }
    return newest;
  }

  /**
   * The pair with the fingerprint `fp` of this record, or `null`.
   *
   * @throws TokenError as {@linkcode JournalFolder.newest}.
   */
  async find(name: RecordName, fp: string): Promise<TokenRecord | null> {
    return (await this.#pairs(name)).find((record) => record.fp === fp) ?? null;
  }

  async #pairs(name: RecordName): Promise<TokenRecord[]> {
    const { place, sealing } = await this.#record(name);
    // Drafts first: a draft that is renamed meanwhile is then found under its final name.
    const files = [...await this.#files.flushedDraftsOf(place), ...await this.#files.named(place)];
    const records: TokenRecord[] = [];
    for (const { path, entry } of files) {
      const record = await namingFile(path, sealing.openToken(entry.value));
      if (!isTombstone(record)) records.push(record);
    }
    return records;
  }

  /**
   * Removes the files of `upTo` and of every older pair of the record. Two files stay: that of another pair of the same
   * generation, and that of another login whose place in the order is not final yet. A tombstone `upTo` removes these
   * logins too.
   *
   * @throws TokenError as {@linkcode JournalFolder.newest}.
   */
  async clear(name: RecordName, upTo: ClearedPair): Promise<void> {
    const { keys, place } = await this.#record(name);
    for (const file of [...await this.#files.draftsOf(place), ...await this.#files.named(place)]) {
      const head = await namingFile(file.path, openHead(place, keys, file.entry.value));
      const isUpTo = !isTombstone(head) && head.fp === upTo.fp && !isNewer(head, upTo);
      const isOrdered = isTombstone(head) || head.isLogin !== true || head.isPlaced === true ||
        upTo.endedAtMs !== undefined || (head.auth !== undefined && upTo.auth !== undefined);
      if (isUpTo || (isOrdered && isNewer(upTo, head))) await this.remove(file);
    }
  }

  /**
   * Every pair in the folder, including whole drafts of killed processes, for a start. A file that holds no entry is
   * logged and left in place; a torn draft that no process will finish is removed.
   */
  async all(): Promise<JournalFile[]> {
    await this.#files.removeAbandonedDrafts();
    return [...await this.#files.named(null), ...await this.#files.drafts()];
  }

  /** Deletes one file. */
  async remove({ path }: JournalFile): Promise<void> {
    await Deno.remove(path).catch((error: unknown) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }

  async #record(
    name: RecordName,
  ): Promise<{ readonly keys: AppKeys; readonly place: RecordPlace; readonly sealing: RecordSealing }> {
    const keys = await this.#options.keyring.keysFor(name.credentials);
    const places = await placesOf(name, keys);
    return { keys, place: places.token, sealing: new RecordSealing(name, keys, places) };
  }

  #draft(kind: RecordPlace["kind"]): string {
    return `${this.#options.folder}/${base64url(this.#options.random.bytes(9))}${suffixesOf(kind).draft}`;
  }

  /** Does `write`. Where the folder was removed, makes it again first. */
  async #inFolder(write: () => Promise<void>): Promise<void> {
    const { folder, os } = this.#options;
    try {
      await write();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      await makeOwnFolder(folder, os);
      await write();
    }
  }
}

/** What {@linkcode JournalFolder} needs. The folder must exist, and be readable by this user alone. */
export interface JournalFolderOptions extends JournalFilesOptions {
  /** Seals pairs and names records. */
  readonly keyring: Keyring;
  /** Tells when a pair's key ends. */
  readonly clock: Clock;
  /** Names drafts. */
  readonly random: Random;
}

function unwritable(folder: string, cause: unknown): TokenError {
  const reason = cause instanceof StartError ? cause.problem : ioReason(cause);
  return storeUnavailable({
    en: `the journal ${folder} cannot be written: ${reason.en}`,
    zh: `无法写入恢复日志 ${folder}：${reason.zh}`,
  }, cause);
}

/** Names the file in the error of a value that does not open: the error itself names a key of the store. */
async function namingFile<T>(path: string, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const detail = { en: `journal file ${path}`, zh: `恢复日志文件 ${path}` };
    throw new TokenError(error.code, { detail, cause: error });
  }
}

function fileName(place: RecordPlace, record: TokenRecord): string {
  // With the fingerprint two pairs of one generation are two files. It reveals nothing outside the store.
  // A login is journaled again with its final place, under the same file name: that file replaces the first.
  const order = record.isLogin === true ? "login" : `${record.login}.${record.gen}`;
  return `${filePrefix(place)}${order}.${record.fp}${suffixesOf(place.kind).entry}`;
}
