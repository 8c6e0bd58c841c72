import { StartError } from "../../errors/start_error.ts";
import type { Clock } from "../../ports/clock.ts";

/** Longest wait for the lock, in milliseconds: the work under it takes a few. */
const LOCK_DEADLINE_MS = 3_000;
const LOCK_PAUSE_MS = 10;

/**
 * Does `work` under a lock on `folder`: one process of this machine at a time. The lock is on the folder itself,
 * leaves no file behind, and ends with the process. Windows cannot open folders and needs no lock: the work is about
 * deleted files that a process still has open, which Windows does not allow.
 *
 * @throws StartError in one line when another program keeps the lock.
 */
export async function underFolderLock<T>(
  folder: string,
  { os, clock }: FolderLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  if (os === "windows") return await work();
  const handle = await Deno.open(folder, { read: true });
  try {
    const untilMs = clock.monotonic() + LOCK_DEADLINE_MS;
    while (!await handle.tryLock(true)) {
      if (clock.monotonic() >= untilMs) {
        throw new StartError({
          en: `The folder ${folder} is locked by another program: end that, and start again`,
          zh: `文件夹 ${folder} 被其他程序锁定：请结束该程序后再启动`,
        });
      }
      await clock.sleep(LOCK_PAUSE_MS);
    }
    return await work();
  } finally {
    handle.close();
  }
}

/** What {@linkcode underFolderLock} needs. */
export interface FolderLockOptions {
  /** The system whose rules for files apply. */
  readonly os: typeof Deno.build.os;
  /** Bounds the wait for other processes. */
  readonly clock: Clock;
}
