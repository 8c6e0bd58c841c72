import { StartError } from "../../errors/start_error.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import { isNewer, isTombstone } from "../../ports/record_order.ts";
import type { Journal, RecordName, RecordOrder, TokenRecord } from "../../ports/store.ts";
import { base64url } from "../files/bytes.ts";
import { flushFolder, writeFlushed } from "../files/durable_files.ts";
import { ioReason } from "../files/io_reason.ts";
import { isMissing } from "../files/is_missing.ts";
import { encodeEntry } from "./journal_entry.ts";
import {
  DRAFT_SUFFIX,
  ENTRY_SUFFIX,
  filePrefix,
  type JournalFile,
  JournalFiles,
  type JournalFilesOptions,
} from "./journal_files.ts";
import type { AppKeys, Keyring } from "../sealing/keyring.ts";
import { placesOf, type RecordPlace } from "../records/keys.ts";
import { makeOwnFolder } from "../files/private_files.ts";
import { keepTokenUntilMs } from "../records/retention.ts";
import { openHead, RecordSealing } from "../records/stored_value.ts";
import { storeUnavailable } from "../files/store_unavailable.ts";

const PUT_ROUNDS = 3;

/** What {@linkcode JournalFolder} needs; the folder exists, and only this user can read it. */
export interface JournalFolderOptions extends JournalFilesOptions {
  /** Seals and names. */
  readonly keyring: Keyring;
  /** Tells how long a pair is kept. */
  readonly clock: Clock;
  /** Names drafts. */
  readonly random: Random;
}

/** The journal as a folder with one file a pair, written under another name, flushed, then renamed and flushed again. */
export class JournalFolder implements Journal {
  readonly #options: JournalFolderOptions;
  readonly #files: JournalFiles;

  /** On an existing folder. */
  constructor(options: JournalFolderOptions) {
    this.#options = options;
    this.#files = new JournalFiles(options);
  }

  /**
   * Returns once the pair is on the medium, whole and under its name.
   *
   * @throws TokenError `store_unavailable` when it cannot be written.
   */
  async put(name: RecordName, record: TokenRecord): Promise<void> {
    const { folder, os, clock } = this.#options;
    const { keys, place, sealing } = await this.#record(name);
    const value = await sealing.sealToken(record, keepTokenUntilMs(name, record, clock.now()));
    const text = encodeEntry({ store: await keys.storeId(), place, value });
    for (let round = 1;; round++) {
      const draft = this.#draft();
      try {
        await this.#inFolder(() => writeFlushed(draft, text));
        await Deno.rename(draft, `${folder}/${fileName(place, record)}`);
        return await flushFolder(folder, os);
      } catch (error) {
        await Deno.remove(draft).catch(() => {});
        // Another process may have found the draft, stored its pair and cleared it; that is not for this one to guess.
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
    const draft = this.#draft();
    try {
      await this.#inFolder(() => Deno.writeTextFile(draft, "a probe", { createNew: true, mode: 0o600 }));
    } catch (error) {
      throw unwritable(this.#options.folder, error);
    } finally {
      await Deno.remove(draft).catch(() => {});
    }
  }

  /**
   * The newest pair noted for this record, or `null`. One that a killed process had written whole and not yet given its
   * name counts too: whoever takes over from that process must not present what it has spent.
   *
   * @throws TokenError `store_unavailable` when the folder cannot be read, `store_unreadable` when a file does not open.
   */
  async newest(name: RecordName): Promise<TokenRecord | null> {
    const { place, sealing } = await this.#record(name);
    // Drafts first: one that is given its name meanwhile is then found under that.
    const files = [...await this.#files.flushedDraftsOf(place), ...await this.#files.named(place)];
    let newest: TokenRecord | null = null;
    for (const { path, entry } of files) {
      const record = await naming(path, sealing.openToken(entry.value));
      if (isTombstone(record)) continue;
      if (newest === null || isNewer(record, newest)) newest = record;
    }
    return newest;
  }

  /**
   * Forgets `upTo` and every older pair of the record, but not another pair of the same generation.
   *
   * @throws TokenError as {@linkcode JournalFolder.newest}.
   */
  async clear(name: RecordName, upTo: RecordOrder & { readonly fp?: string }): Promise<void> {
    const { keys, place } = await this.#record(name);
    for (const file of [...await this.#files.draftsOf(place), ...await this.#files.named(place)]) {
      const head = await naming(file.path, openHead(place, keys, file.entry.value));
      const isIt = !isTombstone(head) && head.fp === upTo.fp && !isNewer(head, upTo);
      if (isIt || isNewer(upTo, head)) await this.remove(file);
    }
  }

  /**
   * Every pair in the folder, for a start: those too that a killed process had written and not yet given their name.
   * A file that cannot be read is named in the log and left where it is, but for a draft that nobody will finish.
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

  #draft(): string {
    return `${this.#options.folder}/${base64url(this.#options.random.bytes(9))}${DRAFT_SUFFIX}`;
  }

  /** Does `write`, making the folder anew where somebody has removed it. */
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

function unwritable(folder: string, cause: unknown): TokenError {
  const reason = cause instanceof StartError ? cause.problem : ioReason(cause);
  return storeUnavailable({
    en: `the journal ${folder} cannot be written: ${reason.en}`,
    zh: `无法写入恢复日志 ${folder}：${reason.zh}`,
  }, cause);
}

/** What does not open is named by its file: in the store's terms it would be looked for in the wrong place. */
async function naming<T>(path: string, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const detail = { en: `journal file ${path}`, zh: `恢复日志文件 ${path}` };
    throw new TokenError(error.code, { detail, cause: error });
  }
}

function fileName(place: RecordPlace, record: TokenRecord): string {
  // Two pairs of one generation are two files. The fingerprint is worthless outside the store.
  return `${filePrefix(place)}${record.login}.${record.gen}.${record.fp}${ENTRY_SUFFIX}`;
}
