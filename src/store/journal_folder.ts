import { StartError } from "../errors/start_error.ts";
import { TokenError } from "../errors/token_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { isNewer, isTombstone } from "../ports/record_order.ts";
import type { Journal, RecordName, RecordOrder, TokenRecord } from "../ports/store.ts";
import { base64url } from "./bytes.ts";
import { flushFile, flushFolder, writeFlushed } from "./durable_files.ts";
import { ioReason } from "./io_reason.ts";
import { isMissing } from "./is_missing.ts";
import { decodeEntry, encodeEntry, type JournalEntry } from "./journal_entry.ts";
import type { AppKeys, Keyring } from "./keyring.ts";
import { placeOf, type RecordPlace } from "./keys.ts";
import { makeOwnFolder } from "./private_files.ts";
import { keepTokenUntilMs } from "./retention.ts";
import { openHead, RecordSealing } from "./stored_value.ts";
import { storeUnavailable } from "./unavailable.ts";

const DRAFT_SUFFIX = ".draft";
const ENTRY_SUFFIX = ".json";
/** Writing a draft takes milliseconds; one so old that cannot be read will never be finished. */
const DRAFT_ABANDONED_MS = 60_000;
const PUT_ROUNDS = 3;

/** One journal file. */
export interface JournalFile {
  /** Where it stands. */
  readonly path: string;
  /** What it holds. */
  readonly entry: JournalEntry;
}

/** What {@linkcode JournalFolder} needs. */
export interface JournalFolderOptions {
  /** An existing folder that only this user can read. */
  readonly folder: string;
  /** Whose rules for files count. */
  readonly os: typeof Deno.build.os;
  /** Seals and names. */
  readonly keyring: Keyring;
  /** Tells how long a pair is kept. */
  readonly clock: Clock;
  /** Names drafts. */
  readonly random: Random;
  /** Told of files that cannot be read. */
  readonly log: Log;
}

/** The journal as a folder with one file a pair, written under another name, flushed, then renamed and flushed again. */
export class JournalFolder implements Journal {
  readonly #options: JournalFolderOptions;
  /** Whether the folder was gone when it was last read. */
  #isMissing = false;

  /** On an existing folder. */
  constructor(options: JournalFolderOptions) {
    this.#options = options;
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
    let newest: TokenRecord | null = null;
    // Drafts first: one that is given its name meanwhile is then found under that.
    for (const { path, entry } of [...await this.#flushedDrafts(place), ...await this.#files(place)]) {
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
    for (const file of [...await this.#draftsOf(place), ...await this.#files(place)]) {
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
    await this.#removeAbandonedDrafts();
    return [...await this.#files(null), ...await this.#drafts()];
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
    const place = await placeOf(name, keys);
    return { keys, place, sealing: new RecordSealing(name, keys, place) };
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

  async #files(place: RecordPlace | null): Promise<JournalFile[]> {
    const files: JournalFile[] = [];
    for (const path of await this.#paths(place === null ? "" : filePrefix(place), ENTRY_SUFFIX)) {
      const text = await readIfThere(path);
      if (text === null) continue;
      const entry = decodeEntry(text);
      if (entry !== null) files.push({ path, entry });
      else this.#options.log.error("journal file unreadable, left in place", { path });
    }
    return files;
  }

  async #drafts(): Promise<JournalFile[]> {
    const drafts: JournalFile[] = [];
    for (const path of await this.#paths("", DRAFT_SUFFIX)) {
      const text = await readIfThere(path);
      const entry = text === null ? null : decodeEntry(text);
      if (entry !== null) drafts.push({ path, entry });
    }
    return drafts;
  }

  async #draftsOf({ kind, hash }: RecordPlace): Promise<JournalFile[]> {
    const drafts = await this.#drafts();
    return drafts.filter(({ entry: { place } }) => place.kind === kind && place.hash === hash);
  }

  /** Drafts of one record. Nobody may have flushed them yet, and whoever reads one may hand out its pair. */
  async #flushedDrafts(place: RecordPlace): Promise<JournalFile[]> {
    const { folder, os } = this.#options;
    const drafts = await this.#draftsOf(place);
    for (const { path } of drafts) await flushFile(path);
    if (drafts.length > 0) await flushFolder(folder, os);
    return drafts;
  }

  /**
   * Removes drafts that are torn, so that nobody was answered with their pairs, and so old that nobody can be writing
   * them. Both ages are the disk's: this process's wall clock may be ahead of it, and is with a sandbox that was aged.
   */
  async #removeAbandonedDrafts(): Promise<void> {
    const now = await changedAtMs(this.#options.folder);
    for (const path of await this.#paths("", DRAFT_SUFFIX)) {
      const text = await readIfThere(path);
      if (text === null || decodeEntry(text) !== null) continue;
      const changed = await changedAtMs(path);
      if (now === null || changed === null || now - changed < DRAFT_ABANDONED_MS) continue;
      await Deno.remove(path).catch(() => {});
    }
  }

  async #paths(prefix: string, suffix: string): Promise<string[]> {
    const { folder, log } = this.#options;
    try {
      const files = await Array.fromAsync(Deno.readDir(folder));
      this.#isMissing = false;
      return files.filter(({ isFile, name }) => isFile && name.startsWith(prefix) && name.endsWith(suffix))
        .map(({ name }) => `${folder}/${name}`);
    } catch (error) {
      if (!isMissing(error)) throw unreadable(folder, error);
      if (!this.#isMissing) log.error("journal folder missing: what was noted in it is lost", { folder });
      this.#isMissing = true;
      return [];
    }
  }
}

/** When the file or folder was last changed, in Unix milliseconds; `null` where nothing tells. */
function changedAtMs(path: string): Promise<number | null> {
  return Deno.stat(path).then(({ mtime }) => mtime?.getTime() ?? null, () => null);
}

/** `null` when another process of this machine has just cleared it. */
async function readIfThere(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw unreadable(path, error);
  }
}

function unwritable(folder: string, cause: unknown): TokenError {
  const reason = cause instanceof StartError ? cause.problem : ioReason(cause);
  return storeUnavailable({
    en: `the journal ${folder} cannot be written: ${reason.en}`,
    zh: `无法写入恢复日志 ${folder}：${reason.zh}`,
  }, cause);
}

function unreadable(path: string, cause: unknown): TokenError {
  const reason = ioReason(cause);
  return storeUnavailable({
    en: `the journal ${path} cannot be read: ${reason.en}`,
    zh: `无法读取恢复日志 ${path}：${reason.zh}`,
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

function filePrefix(place: RecordPlace): string {
  return `${place.kind}.${place.hash}.`;
}

function fileName(place: RecordPlace, record: TokenRecord): string {
  // Two pairs of one generation are two files. The fingerprint is worthless outside the store.
  return `${filePrefix(place)}${record.login}.${record.gen}.${record.fp}${ENTRY_SUFFIX}`;
}
