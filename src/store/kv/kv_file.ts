import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Log } from "../../ports/log.ts";
import { type FileIdentity, fileIdentity, isSameFile } from "../files/file_identity.ts";
import { inspectKvFile } from "./inspect_kv_file.ts";
import type { KvDatabase } from "./kv_database.ts";
import { LockedFileNotice } from "./locked_file_notice.ts";
import { narrowStoreFile } from "../files/narrow_store_file.ts";
import { openKvAt, type OpenKvOptions, withoutStoreName } from "./open_kv_at.ts";
import { OverdueCalls } from "./overdue_calls.ts";
import type { StorePlace } from "../files/store_place.ts";
import { makeStoreFile } from "../files/make_store_file.ts";
import { storeUnavailable } from "../files/store_unavailable.ts";

/** Pause before a file that cannot be used is tried again, in milliseconds. */
const TRY_AGAIN_MS = 1_000;
const PUT_FILE_BACK: Phrase = { en: "put the right file back", zh: "请放回正确的文件" };

/**
 * A KV file that may be deleted or replaced while it is open. SQLite would go on writing to the old file, and nobody
 * would find what it writes. So the path is looked at before each use: another file there is opened instead, and a
 * missing one is made again.
 */
export class KvFile implements KvDatabase {
  /** Deno 2.9.6 ends the whole process where it cannot delete an expired key of a file, on a full disk. */
  readonly takesEnds: boolean = false;
  readonly #options: KvFileOptions;
  #file: OpenFile;
  /** Handles on earlier files that calls are still using. */
  readonly #retired = new Set<OpenFile>();
  #adopt: (kv: Deno.Kv) => Promise<void> = () => Promise.resolve();
  #reopening: Promise<OpenFile> | null = null;
  #failure: Failure | null = null;
  #replacedAtMs = -Infinity;
  #isClosed = false;
  readonly #overdue = new OverdueCalls();

  private constructor(options: KvFileOptions, file: OpenFile) {
    this.#options = options;
    this.#file = file;
  }

  /**
   * Opens the file, which is made if there is none.
   *
   * @throws StartError in one line.
   */
  static async open(options: KvFileOptions): Promise<KvFile> {
    await makeStoreFile(options.place, options);
    return new KvFile(options, await openFile(options));
  }

  /** Whether 32 calls are overdue. */
  get isStuck(): boolean {
    return this.#overdue.areTooMany;
  }

  /** Counts the call until it ends. Another handle would not help: the disk is the same. */
  gaveUp(call: Promise<unknown>): void {
    this.#overdue.add(call);
  }

  /** When another file was last opened as the store, by the monotonic clock in milliseconds. */
  get replacedAtMs(): number {
    return this.#replacedAtMs;
  }

  /**
   * Sets what checks each file that is opened from now on: `adopt` makes an empty one this store, and throws for
   * another store.
   */
  adoptBy(adopt: (kv: Deno.Kv) => Promise<void>): void {
    this.#adopt = adopt;
  }

  /**
   * Does `work` with a handle on the file that is at the path now.
   *
   * @throws TokenError `store_unavailable` when that file cannot be used; else what `work` throws.
   */
  async use<T>(work: (kv: Deno.Kv) => Promise<T>): Promise<T> {
    const file = await this.#currentFile();
    file.uses++;
    try {
      return await work(file.kv);
    } finally {
      file.uses--;
      if (file.state === "retired" && file.uses === 0) this.#end(file);
    }
  }

  /** Whether `kv` is a handle on the file that is at the path now. */
  async isCurrent(kv: Deno.Kv): Promise<boolean> {
    const file = this.#file;
    return kv === file.kv && isUsable(file, await this.#identity());
  }

  /** Closes the handle, for good. */
  close(): void {
    this.#isClosed = true;
    close(this.#file);
    for (const file of this.#retired) this.#end(file);
  }

  async #currentFile(): Promise<OpenFile> {
    if (this.#reopening !== null) return await this.#reopening;
    const found = await this.#identity();
    if (isUsable(this.#file, found)) return this.#file;
    this.#reopening ??= this.#reopen().finally(() => this.#reopening = null);
    return await this.#reopening;
  }

  async #identity(): Promise<FileIdentity> {
    try {
      return await fileIdentity(this.#options.place.path);
    } catch (error) {
      throw storeUnavailable({ en: "its file cannot be looked at", zh: "无法查看其文件" }, error);
    }
  }

  /** Opens the file that is at the path now. The old handle stays open until the new file proves to be the store. */
  async #reopen(): Promise<OpenFile> {
    const { place, log } = this.#options;
    const { path } = place;
    const old = this.#file;
    const found = await this.#identity();
    // Another call may have opened it since this call looked.
    if (isUsable(old, found)) return old;
    this.#assertOpen();
    const isKnown = this.#failure !== null && this.#failure.database === found.database;
    if (this.#failure !== null && isKnown && this.#now() < this.#failure.untilMs) throw this.#failure.error;
    if (!isKnown) {
      log.warn(
        found.database === null ? "store file deleted, making it anew" : "store file replaced, opening it",
        {
          path,
        },
      );
    }
    try {
      // A handle on the same file, whose log is another one now, is closed first: SQLite then saves what only that
      // handle can reach, and the file must not be open in this process while it is inspected (see inspectKvFile).
      for (const file of [old, ...this.#retired]) {
        if (found.database === file.identity.database) this.#end(file);
      }
      await makeStoreFile(place, this.#options, old.identity);
      this.#file = await this.#openAdopted();
    } catch (error) {
      this.#assertOpen();
      throw this.#failed(error, found.database);
    }
    this.#retire(old);
    this.#failure = null;
    this.#replacedAtMs = this.#now();
    log.warn("store file open again", { path });
    return this.#file;
  }

  async #openAdopted(): Promise<OpenFile> {
    const file = await openFile(this.#options).catch((error: unknown): never => {
      // The next step of a StartError is for a start: here the old file may be put back.
      throw error instanceof StartError
        ? new StartError(error.problem, { nextStep: PUT_FILE_BACK, cause: error })
        : error;
    });
    try {
      await this.#adopt(file.kv);
      this.#assertOpen();
      return file;
    } catch (error) {
      close(file);
      throw error;
    }
  }

  #retire(file: OpenFile): void {
    if (file.uses === 0 || file.state === "closed") return this.#end(file);
    file.state = "retired";
    this.#retired.add(file);
  }

  #end(file: OpenFile): void {
    close(file);
    this.#retired.delete(file);
  }

  #failed(cause: unknown, database: string | null): TokenError {
    const error = storeUnavailable(reasonOf(cause), cause);
    if (error.message !== this.#failure?.error.message) {
      const { path } = this.#options.place;
      this.#options.log.error("store file cannot be used", { path, error: error.message });
    }
    this.#failure = { error, database, untilMs: this.#now() + TRY_AGAIN_MS };
    return error;
  }

  /** Closing the last handle removes SQLite's log: after that the file would always look replaced. */
  #assertOpen(): void {
    if (this.#isClosed) throw storeUnavailable({ en: "it was closed", zh: "已关闭" });
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}

/** What {@linkcode KvFile} needs. */
export interface KvFileOptions extends OpenKvOptions {
  /** The file. */
  readonly place: Extract<StorePlace, { readonly kind: "file" }>;
  /** The system whose rules for files apply. */
  readonly os: typeof Deno.build.os;
  /** Told when another file is found at the path, and when it cannot be used. */
  readonly log: Log;
}

/** A handle, and the file on which it was opened. */
interface OpenFile {
  readonly kv: Deno.Kv;
  readonly identity: FileIdentity;
  /** How many calls are using the handle now. */
  uses: number;
  /** `retired`: it takes no new calls, and is closed when the last one ends. */
  state: "in use" | "retired" | "closed";
}

/** Why the file at the path cannot be used. */
interface Failure {
  readonly error: TokenError;
  /** Identity of the database that was found, as in {@linkcode FileIdentity}. */
  readonly database: string | null;
  /** When it may be tried again, by the monotonic clock in milliseconds. */
  readonly untilMs: number;
}

/** Opens the file at the path, on which this process must have no other handle. */
async function openFile(options: KvFileOptions): Promise<OpenFile> {
  const { place: { path }, os } = options;
  const waiting = new LockedFileNotice(options);
  const prepare = async (): Promise<void> => {
    await waiting.during(() => inspectKvFile(path));
    // Only now is the file known to be a store, and not another program's.
    await narrowStoreFile(path, os);
  };
  const kv = await openKvAt({ ...options, prepare });
  // Read after the opening: SQLite has made its log by now.
  return { kv, identity: await fileIdentity(path), uses: 0, state: "in use" };
}

function isUsable({ state, identity }: OpenFile, found: FileIdentity): boolean {
  return state === "in use" && isSameFile(identity, found);
}

function close(file: OpenFile): void {
  if (file.state !== "closed") file.kv.close();
  file.state = "closed";
}

function reasonOf(error: unknown): Phrase {
  if (error instanceof StartError) {
    return withoutStoreName({ en: error.textIn("en"), zh: error.textIn("zh") });
  }
  if (error instanceof TokenError && error.detail.detail !== undefined) return error.detail.detail;
  return { en: "its file cannot be opened", zh: "无法打开其文件" };
}
