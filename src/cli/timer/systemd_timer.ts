import { join } from "node:path";
import type { Phrase } from "../../errors/language.ts";
import type { Platform } from "../../platform.ts";
import { inXdgSettings } from "../clients/user_folders.ts";
import type { Launch } from "../launch/launch.ts";
import type { SystemTimer } from "./system_timer.ts";
import { SYSTEMD_UNIT, systemdService, systemdTimerUnit } from "./systemd_units.ts";
import { TimerTool } from "./timer_tool.ts";
import { removed, writtenFiles } from "./written_files.ts";

const TIMER = `${SYSTEMD_UNIT}.timer`;

const LINGER: Phrase = {
  en: "It runs while you are logged in to this machine; `loginctl enable-linger` lets it run without that",
  zh: "它在你登录本机期间运行；执行 `loginctl enable-linger` 后，未登录时也会运行",
};

/** A timer of the user's systemd; `undefined` where there is none that answers. */
export async function systemdTimer(platform: Platform): Promise<SystemTimer | undefined> {
  const file = await platform.findTool("systemctl");
  if (file === undefined) return undefined;
  const systemctl = new TimerTool("systemctl", file, platform);
  if (!await systemctl.does("--user", "show-environment")) return undefined;
  const folder = inXdgSettings(platform, "systemd", "user");
  const paths = { service: join(folder, `${SYSTEMD_UNIT}.service`), timer: join(folder, TIMER) };
  return {
    async install(keep: Launch): Promise<readonly Phrase[]> {
      try {
        await writtenFiles(
          { [paths.service]: systemdService(keep), [paths.timer]: systemdTimerUnit() },
          async () => {
            await systemctl.must("--user", "daemon-reload");
            await systemctl.must("--user", "enable", TIMER);
            // One that runs already goes by its old times until then.
            await systemctl.must("--user", "restart", TIMER);
          },
        );
      } catch (error) {
        await systemctl.run("--user", "daemon-reload");
        throw error;
      }
      return [LINGER];
    },
    async uninstall(): Promise<boolean> {
      await systemctl.run("--user", "disable", "--now", TIMER);
      const was = [await removed(paths.timer), await removed(paths.service)].includes(true);
      if (was) await systemctl.must("--user", "daemon-reload");
      return was;
    },
  };
}
