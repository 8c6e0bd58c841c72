import type { Phrase } from "../../errors/language.ts";
import type { Platform } from "../../platform.ts";
import { inHome } from "../clients/user_folders.ts";
import type { Launch } from "../launch/launch.ts";
import { LAUNCHD_LABEL, launchdPlist } from "./launchd_plist.ts";
import type { SystemTimer } from "./system_timer.ts";
import { TimerTool } from "./timer_tool.ts";
import { removed, writtenFiles } from "./written_files.ts";

/** An agent of the user's launchd; `undefined` where there is no launchctl. */
export async function launchdTimer(platform: Platform): Promise<SystemTimer | undefined> {
  const [file, id] = [await platform.findTool("launchctl"), await platform.findTool("id")];
  if (file === undefined || id === undefined) return undefined;
  const launchctl = new TimerTool("launchctl", file, platform);
  const user = (await new TimerTool("id", id, platform).must("-u")).stdout.trim();
  const domain = `gui/${user}`;
  const path = inHome(platform, "Library", "LaunchAgents", `${LAUNCHD_LABEL}.plist`);
  const logPath = inHome(platform, "Library", "Logs", `${LAUNCHD_LABEL}.log`);
  return {
    async install(keep: Launch): Promise<readonly Phrase[]> {
      // One of that label is not loaded a second time.
      const wasLoaded = await launchctl.does("bootout", `${domain}/${LAUNCHD_LABEL}`);
      try {
        await writtenFiles({ [path]: launchdPlist(keep, logPath) }, async () => {
          await launchctl.must("bootstrap", domain, path);
        });
      } catch (error) {
        if (wasLoaded) await launchctl.run("bootstrap", domain, path);
        throw error;
      }
      return [{ en: `What it writes is in ${logPath}`, zh: `它的输出写入 ${logPath}` }];
    },
    async uninstall(): Promise<boolean> {
      const wasLoaded = await launchctl.does("bootout", `${domain}/${LAUNCHD_LABEL}`);
      return await removed(path) || wasLoaded;
    },
  };
}
