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

/** How often a file that cannot be used is tried again. */
const TRY_AGAIN_MS = 1_000;
const PUT_BACK: Phrase = { en: "put the right file back", zh: "请放回正确的文件" };

/** What {@linkcode KvFile} needs. */
export interface KvFileOptions extends OpenKvOptions {
  /** The file. */
  readonly place: Extract<StorePlace, { readonly kind: "file" }>;
  /** Whose rules for files count. */
  readonly os: typeof Deno.build.os;
  /** Told when the file turns out to be another one. */
  readonly log: Log;
}

/** A handle and the file that it was opened on. */
interface OpenFile {
  readonly kv: Deno.Kv;
  readonly identity: FileIdentity;
  /** How many calls use it now. */
  uses: number;
  /** `retired`: closed once nobody uses it any more. */
  state: "in use" | "retired" | "closed";
}

/** Why what stands at the path cannot be used. */
interface Failure {
  readonly error: TokenError;
  readonly database: string | null;
  readonly untilMs: number;
}

/**
 * A KV file that may be deleted or replaced while it is open: SQLite would go on writing to a file that nobody finds any
 * more. The path is looked at before each use; another file there is opened in its turn, and a missing one is made.
 */
export class KvFile implements KvDatabase {
  /** Deno ends the process where it cannot delete what has ended, on a disk that is full. */
  readonly takesEnds: boolean = false;
  readonly #options: KvFileOptions;
  #file: OpenFile;
  /** No longer in use for new calls, and not closed yet. */
  readonly #retired = new Set<OpenFile>();
  #adopt: (kv: Deno.Kv) => Promise<void> = () => Promise.resolve();
  #reopening: Promise<OpenFile> | null = null;
  #failure: Failure | null = null;
  #replacedAtMs = -Infinity;
  #isOver = false;
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

  /** With 32 calls overdue. */
  get isStuck(): boolean {
    return this.#overdue.areTooMany;
  }

  /** Counts it until it ends. Another handle would not help: the disk is the same. */
  gaveUp(call: Promise<unknown>): void {
    this.#overdue.add(call);
  }

  /** When another file was last taken for the store, by the monotonic clock in milliseconds. */
  get replacedAtMs(): number {
    return this.#replacedAtMs;
  }

  /** From now on `adopt` makes a new file this store, and throws where another one is none of ours. */
  adoptBy(adopt: (kv: Deno.Kv) => Promise<void>): void {
    this.#adopt = adopt;
  }

  /**
   * Does `work` with a handle on the file that stands at the path now.
   *
   * @throws TokenError `store_unavailable` when that cannot be used; else what `work` throws.
   */
  async use<T>(work: (kv: Deno.Kv) => Promise<T>): Promise<T> {
    const file = await this.#fileOfNow();
    file.uses++;
    try {
      return await work(file.kv);
    } finally {
      file.uses--;
      if (file.state === "retired" && file.uses === 0) this.#end(file);
    }
  }

  /** Whether the file behind `kv` still stands at the path. */
  async isCurrent(kv: Deno.Kv): Promise<boolean> {
    const file = this.#file;
    return kv === file.kv && isUsable(file, await this.#look());
  }

  /** Closes the handle, for good. */
  close(): void {
    this.#isOver = true;
    close(this.#file);
    for (const file of this.#retired) this.#end(file);
  }

  async #fileOfNow(): Promise<OpenFile> {
    if (this.#reopening !== null) return await this.#reopening;
    const found = await this.#look();
    if (isUsable(this.#file, found)) return this.#file;
    this.#reopening ??= this.#reopen().finally(() => this.#reopening = null);
    return await this.#reopening;
  }

  async #look(): Promise<FileIdentity> {
    try {
      return await fileIdentity(this.#options.place.path);
    } catch (error) {
      throw storeUnavailable({ en: "its file cannot be looked at", zh: "无法查看其文件" }, error);
    }
  }

  /** Opens what stands at the path by now. What was open stays so until that turns out to be the store. */
  async #reopen(): Promise<OpenFile> {
    const { place, log } = this.#options;
    const { path } = place;
    const old = this.#file;
    const found = await this.#look();
    // Another call may have opened it since it was looked at for this one.
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
      // The same file as before, with another log. Closed before it is opened again, SQLite saves what only the old handle
      // can reach; and what is looked at now must not be open (see inspectKvFile).
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
      // Its advice is for a start.
      throw error instanceof StartError
        ? new StartError(error.problem, { nextStep: PUT_BACK, cause: error })
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

  /** SQLite removes its log with the last handle: after the end the file is never the one that was open. */
  #assertOpen(): void {
    if (this.#isOver) throw storeUnavailable({ en: "it was closed", zh: "已关闭" });
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}

/** Opens what is at the path, on which this process has no other handle. */
async function openFile(options: KvFileOptions): Promise<OpenFile> {
  const { place: { path }, os } = options;
  const waiting = new LockedFileNotice(options);
  const prepare = async (): Promise<void> => {
    await waiting.during(() => inspectKvFile(path));
    // Not before it is known to be ours.
    await narrowStoreFile(path, os);
  };
  const kv = await openKvAt({ ...options, prepare });
  // SQLite has made its log by now.
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
