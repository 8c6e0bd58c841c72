import { join } from "node:path";
import type { Config } from "../../config.ts";
import type { Platform } from "../../platform.ts";
import { inHome, inXdgSettings } from "../clients/user_folders.ts";
import { LAUNCHD_LABEL } from "./launchd_plist.ts";
import { SYSTEMD_UNIT } from "./systemd_units.ts";

/**
 * Whether a timer of `keep --install` is found that renews the logins of the configuration's store, by the file that it
 * was written to. `false` is no proof: Windows keeps its tasks elsewhere, and cron may do the same work.
 *
 * @param kv the store's place as an absolute path or URL; `undefined` for the default one.
 */
export async function findsTimer(
  machine: Pick<Platform, "os" | "env">,
  { kv, sandbox }: Pick<Config, "kv" | "sandbox">,
): Promise<boolean> {
  try {
    const path = commandFile(machine);
    if (path === undefined) return false;
    const command = await Deno.readTextFile(path);
    const isOfStore = kv === undefined ? !command.includes("--kv") : command.includes(kv);
    // Simulated logins and real ones are in stores of their own.
    return isOfStore && command.includes("--sandbox") === (sandbox.kind !== "none");
  } catch {
    return false;
  }
}

/** The file with the command line of the timer; `undefined` where the system has none. */
function commandFile(machine: Pick<Platform, "os" | "env">): string | undefined {
  switch (machine.os) {
    case "windows":
      return undefined;
    case "darwin":
      return inHome(machine, "Library", "LaunchAgents", `${LAUNCHD_LABEL}.plist`);
    default:
      return join(inXdgSettings(machine, "systemd", "user"), `${SYSTEMD_UNIT}.service`);
  }
}
