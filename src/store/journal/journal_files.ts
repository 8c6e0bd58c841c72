import type { TokenError } from "../../errors/token_error.ts";
import type { Log } from "../../ports/log.ts";
import { assertRegular } from "../files/assert_regular.ts";
import { flushFile, flushFolder } from "../files/durable_files.ts";
import { ioReason } from "../files/io_reason.ts";
import { isMissing } from "../files/is_missing.ts";
import { decodeEntry, type JournalEntry } from "./journal_entry.ts";
import type { RecordPlace } from "../records/keys.ts";
import { readSmallFile } from "../files/read_small_file.ts";
import { storeUnavailable } from "../files/store_unavailable.ts";
import { UnfitFile } from "../files/unfit_file.ts";

/** The ends of the names of a file: a draft gets its final name once it is whole and flushed. */
export interface FileSuffixes {
  /** Of a draft. */
  readonly draft: string;
  /** Of the final name. */
  readonly entry: string;
}

const USUAL_SUFFIXES: FileSuffixes = { draft: ".draft", entry: ".json" };
/** Version 0.1.0 lists neither: it would remove a draft of a kind that it does not know. */
const KEPT_SUFFIXES: FileSuffixes = { draft: ".kept-draft", entry: ".kept" };

/** The ends of the names of the files of one kind of record. */
export function suffixesOf(kind: RecordPlace["kind"]): FileSuffixes {
  return kind === "grant" || kind === "login" ? KEPT_SUFFIXES : USUAL_SUFFIXES;
}

const NO_ENTRY = "it holds no entry that this version knows";
/** Writing a draft takes milliseconds: a torn draft of this age, in milliseconds, will never be finished. */
const DRAFT_ABANDONED_MS = 60_000;

/** More bytes than a file can have: Feishu's answer, at most 1 MiB, sealed and in base64. */
const MOST_FILE_BYTES = 4 * 1024 * 1024;

/** One journal file. */
export interface JournalFile {
  /** Where the file is. */
  readonly path: string;
  /** What the file holds. */
  readonly entry: JournalEntry;
}

/** Finds and reads the files of a journal folder, including drafts that never got their final name. */
export class JournalFiles {
  readonly #options: JournalFilesOptions;
  /** Paths that were logged as unreadable: each renewal meets the same files again. */
  readonly #logged = new Set<string>();
  /** Whether the folder was missing when it was last read. */
  #isMissing = false;

  /** Of one folder. */
  constructor(options: JournalFilesOptions) {
    this.#options = options;
  }

  /**
   * The files with final names, of one record or of all. One that holds no entry is logged and left in place.
   *
   * @throws TokenError `store_unavailable` when the folder or a file cannot be read.
   */
  async named(place: RecordPlace | null): Promise<JournalFile[]> {
    const files: JournalFile[] = [];
    const paths = place === null
      ? [...await this.#paths("", USUAL_SUFFIXES.entry), ...await this.#paths("", KEPT_SUFFIXES.entry)]
      : await this.#paths(filePrefix(place), suffixesOf(place.kind).entry);
    for (const path of paths) {
      const text = await this.#textOf(path);
      if (text === null) continue;
      const entry = decodeEntry(text);
      if (entry !== null) files.push({ path, entry });
      else this.#unreadable(path, NO_ENTRY);
    }
    return files;
  }

  /**
   * The whole drafts of all records.
   *
   * @throws TokenError as {@linkcode JournalFiles.named}.
   */
  async drafts(): Promise<JournalFile[]> {
    return [...await this.#wholeDrafts(USUAL_SUFFIXES), ...await this.#wholeDrafts(KEPT_SUFFIXES)];
  }

  async #wholeDrafts({ draft }: FileSuffixes): Promise<JournalFile[]> {
    const drafts: JournalFile[] = [];
    for (const path of await this.#paths("", draft)) {
      const text = await this.#textOf(path);
      const entry = text === null ? null : decodeEntry(text);
      if (entry !== null) drafts.push({ path, entry });
    }
    return drafts;
  }

  /**
   * The whole drafts of one record.
   *
   * @throws TokenError as {@linkcode JournalFiles.named}.
   */
  async draftsOf({ kind, hash }: RecordPlace): Promise<JournalFile[]> {
    const drafts = await this.#wholeDrafts(suffixesOf(kind));
    return drafts.filter(({ entry: { place } }) => place.kind === kind && place.hash === hash);
  }

  /**
   * Flushes the whole drafts of one record and returns them: their pairs may be handed out, and the process that
   * wrote them may have died before it flushed them.
   *
   * @throws TokenError as {@linkcode JournalFiles.named}.
   */
  async flushedDraftsOf(place: RecordPlace): Promise<JournalFile[]> {
    const { folder, os } = this.#options;
    const drafts = await this.draftsOf(place);
    for (const { path } of drafts) await flushFile(path);
    if (drafts.length > 0) await flushFolder(folder, os);
    return drafts;
  }

  /**
   * Removes torn drafts that are so old that no process is still writing them. No caller was answered with the pair
   * of a torn draft. The age is told by the disk alone: this process's wall clock may be ahead of the disk's, and is
   * when a sandbox has moved its clock.
   */
  async removeAbandonedDrafts(): Promise<void> {
    const nowMs = await changedAtMs(this.#options.folder);
    const paths = [
      ...await this.#paths("", USUAL_SUFFIXES.draft),
      ...await this.#paths("", KEPT_SUFFIXES.draft),
    ];
    for (const path of paths) {
      const text = await this.#textOf(path);
      if (text === null || decodeEntry(text) !== null) continue;
      const changedMs = await changedAtMs(path);
      if (nowMs === null || changedMs === null || nowMs - changedMs < DRAFT_ABANDONED_MS) continue;
      await Deno.remove(path).catch(() => {});
    }
  }

  /**
   * The text of a file; `null` where another process of this machine has just removed it, or where this program
   * cannot have written it: a link, a pipe, a file of a gigabyte.
   */
  async #textOf(path: string): Promise<string | null> {
    try {
      assertRegular(await Deno.lstat(path));
      return await readSmallFile(path, MOST_FILE_BYTES);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      if (!(error instanceof UnfitFile)) throw unreadable(path, error);
      this.#unreadable(path, error.message);
      return null;
    }
  }

  #unreadable(path: string, reason: string): void {
    if (this.#logged.has(path)) return;
    this.#logged.add(path);
    this.#options.log.error("journal file unreadable, left in place", { path, reason });
  }

  async #paths(prefix: string, suffix: string): Promise<string[]> {
    const { folder, log } = this.#options;
    try {
      const files = await Array.fromAsync(Deno.readDir(folder));
      this.#isMissing = false;
      return files.filter(({ name }) => name.startsWith(prefix) && name.endsWith(suffix))
        .map(({ name }) => `${folder}/${name}`);
    } catch (error) {
      if (!isMissing(error)) throw unreadable(folder, error);
      if (!this.#isMissing) log.error("journal folder missing: what was noted in it is lost", { folder });
      this.#isMissing = true;
      return [];
    }
  }
}

/** What {@linkcode JournalFiles} needs. */
export interface JournalFilesOptions {
  /** The journal's folder. */
  readonly folder: string;
  /** The system whose rules for files apply. */
  readonly os: typeof Deno.build.os;
  /** Told of files that cannot be read. */
  readonly log: Log;
}

/** When the file or folder was last changed, in Unix milliseconds by the disk; `null` where that is unknown. */
function changedAtMs(path: string): Promise<number | null> {
  return Deno.stat(path).then(({ mtime }) => mtime?.getTime() ?? null, () => null);
}

function unreadable(path: string, cause: unknown): TokenError {
  const reason = ioReason(cause);
  return storeUnavailable({
    en: `the journal ${path} cannot be read: ${reason.en}`,
    zh: `无法读取恢复日志 ${path}：${reason.zh}`,
  }, cause);
}

/** The beginning of the names of a record's files. */
export function filePrefix(place: RecordPlace): string {
  return `${place.kind}.${place.hash}.`;
}
