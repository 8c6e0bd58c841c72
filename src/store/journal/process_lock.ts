import type { Liveness } from "../../ports/liveness.ts";
import { assertRegular } from "../files/assert_regular.ts";
import { isMissing } from "../files/is_missing.ts";
import { UnfitFile } from "../files/unfit_file.ts";

const LOCK_SUFFIX = ".lock";
const LOCK_DRAFT_SUFFIX = ".lock-draft";

/**
 * A file in the journal folder that this process keeps locked while it lives. The system frees the lock when the
 * process ends, however it ends. So other processes see that it is dead, and need no process id, which is reused.
 */
export class ProcessLock implements Liveness {
  readonly #folder: string;
  readonly #process: string;
  readonly #file: Deno.FsFile;

  private constructor(folder: string, process: string, file: Deno.FsFile) {
    this.#folder = folder;
    this.#process = process;
    this.#file = file;
  }

  /** Takes the lock of the process known as `process`. */
  static async take(folder: string, process: string): Promise<ProcessLock> {
    const draft = `${folder}/${process}${LOCK_DRAFT_SUFFIX}`;
    const file = await Deno.open(draft, { createNew: true, write: true, mode: 0o600 });
    try {
      // Locked before it is renamed: a file with the final name and without a lock always means a dead process.
      await file.lock(true);
      await Deno.rename(draft, lockPath(folder, process));
    } catch (error) {
      file.close();
      throw error;
    }
    return new ProcessLock(folder, process, file);
  }

  /** Whether `process` holds its lock. The lock file of a dead process is removed. */
  async isAlive(process: string): Promise<boolean> {
    if (process === this.#process) return true;
    const path = lockPath(this.#folder, process);
    let file: Deno.FsFile;
    try {
      // A lock is a regular file: anything else with that name is no lock.
      assertRegular(await Deno.lstat(path));
      file = await Deno.open(path, { read: true, write: true });
    } catch (error) {
      if (!isMissing(error) && !(error instanceof UnfitFile)) throw error;
      // Where our own file is missing too, the folder was removed: that says nothing about the process.
      return !await this.#isInPlace();
    }
    try {
      if (!await file.tryLock(true)) return true;
      await Deno.remove(path).catch(() => {});
      return false;
    } finally {
      file.close();
    }
  }

  /** Whether another process of this machine has the folder in use now. */
  async hasOthers(): Promise<boolean> {
    for await (const { name, isFile } of Deno.readDir(this.#folder)) {
      if (!isFile || !name.endsWith(LOCK_SUFFIX)) continue;
      const process = name.slice(0, -LOCK_SUFFIX.length);
      if (process !== this.#process && await this.isAlive(process)) return true;
    }
    return false;
  }

  async #isInPlace(): Promise<boolean> {
    try {
      await Deno.stat(lockPath(this.#folder, this.#process));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** Frees the lock, as the end of the process would. */
  release(): void {
    this.#file.close();
    try {
      Deno.removeSync(lockPath(this.#folder, this.#process));
    } catch {
      // Another process has seen the lock free and removed the file, or the folder is gone.
    }
  }
}

/** Removes the lock files of processes that are dead. */
export async function removeDeadLocks(folder: string, lock: ProcessLock): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && name.endsWith(LOCK_SUFFIX)) await lock.isAlive(name.slice(0, -LOCK_SUFFIX.length));
  }
}

/** For a process without a journal folder: it has a machine id of its own, so it asks about itself alone. */
export const ALONE: Liveness = { isAlive: () => Promise.resolve(true) };

function lockPath(folder: string, process: string): string {
  return `${folder}/${process}${LOCK_SUFFIX}`;
}
