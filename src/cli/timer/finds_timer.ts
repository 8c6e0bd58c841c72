import { join } from "node:path";
import type { Platform } from "../../platform.ts";
import { inHome, inXdgSettings } from "../clients/user_folders.ts";
import { carriedStoreFlags, type ShellSettings, storeFlagNames } from "../launch/carried_flags.ts";
import { UnsetVariable } from "../../store/files/unset_variable.ts";
import { LAUNCHD_LABEL, programArguments } from "./launchd_plist.ts";
import { execWords, SYSTEMD_UNIT } from "./systemd_units.ts";

/**
 * Whether a timer of `keep --install` is found that renews the logins of the shell's store: whether the file that it was
 * written to has the flags for the store with which it would be written now. `false` is no proof: Windows keeps its
 * tasks elsewhere, and cron may do the same work.
 */
export async function findsTimer(shell: ShellSettings): Promise<boolean> {
  const file = timerFile(shell.platform);
  const text = file === undefined ? undefined : await Deno.readTextFile(file.path).catch(() => undefined);
  if (file === undefined || text === undefined) return false;
  const flags = carriedStoreFlags(shell);
  const others = storeFlagNames().filter((name) => !flags.includes(name));
  return text.includes(file.written(flags)) &&
    !others.some((name) => text.includes(file.written([name])));
}

/** A file with the command line of a timer. */
interface TimerFile {
  readonly path: string;
  /** Words as they stand in its command line. */
  readonly written: (words: readonly string[]) => string;
}

/** `undefined` where the system has no such file, or no variable says where. */
function timerFile(machine: Pick<Platform, "os" | "env">): TimerFile | undefined {
  if (machine.os === "windows") return undefined;
  try {
    return machine.os === "darwin"
      ? {
        path: inHome(machine, "Library", "LaunchAgents", `${LAUNCHD_LABEL}.plist`),
        written: programArguments,
      }
      : {
        path: join(inXdgSettings(machine, "systemd", "user"), `${SYSTEMD_UNIT}.service`),
        written: execWords,
      };
  } catch (error) {
    if (error instanceof UnsetVariable) return undefined;
    throw error;
  }
}
