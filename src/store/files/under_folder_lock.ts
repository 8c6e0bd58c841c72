import { StartError } from "../../errors/start_error.ts";
import type { Clock } from "../../ports/clock.ts";

/** What is done under the lock takes milliseconds. */
const LOCK_DEADLINE_MS = 3_000;
const LOCK_PAUSE_MS = 10;

/** What {@linkcode underFolderLock} needs. */
export interface FolderLockOptions {
  /** Whose rules for files count. */
  readonly os: typeof Deno.build.os;
  /** Bounds the wait for other processes. */
  readonly clock: Clock;
}

/**
 * Does `work` while no other process of this machine does any under the lock of the same folder. The lock is on the
 * folder itself, leaves no file behind, and ends with the process. Windows, which cannot open folders, needs none: what is
 * done under it is about open files that are deleted.
 *
 * @throws StartError in one line when another process keeps it.
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
