import { join } from "node:path";
import type { Phrase } from "../../errors/language.ts";
import type { Platform } from "../../platform.ts";
import type { Launch } from "../launch/launch.ts";
import type { SystemTimer } from "./system_timer.ts";
import { TimerTool } from "./timer_tool.ts";
import { WINDOWS_TASK, windowsTask } from "./windows_task.ts";

/** A task of the user in Windows' scheduler; `undefined` where there is no schtasks. */
export async function windowsTimer(platform: Platform): Promise<SystemTimer | undefined> {
  const file = await platform.findTool("schtasks");
  if (file === undefined) return undefined;
  const schtasks = new TimerTool("schtasks", file, platform);
  return {
    async install(keep: Launch): Promise<readonly Phrase[]> {
      const folder = await Deno.makeTempDir({ prefix: "feishu-token-mcp-" });
      try {
        const path = join(folder, "keep.xml");
        await Deno.writeFile(path, utf16(windowsTask(keep)));
        await schtasks.must("/Create", "/F", "/TN", WINDOWS_TASK, "/XML", path);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
      const names = Object.keys(keep.env);
      return names.length === 0 ? [] : [notCarried(names)];
    },
    async uninstall(): Promise<boolean> {
      if (!await schtasks.does("/Query", "/TN", WINDOWS_TASK)) return false;
      await schtasks.must("/Delete", "/F", "/TN", WINDOWS_TASK);
      return true;
    },
  };
}

/** A task has the variables of its user, and none of its own. */
function notCarried(names: readonly string[]): Phrase {
  return {
    en: `A task of Windows has no variables of its own: set ${names.join(", ")} for your user, with setx`,
    zh: `Windows 的计划任务没有自己的环境变量：请用 setx 为当前用户设置 ${names.join("、")}`,
  };
}

/** Little-endian with a byte order mark, the only encoding that schtasks reads for sure. */
function utf16(text: string): Uint8Array {
  const units = [0xfeff, ...Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))];
  return new Uint8Array(units.flatMap((unit) => [unit & 0xff, unit >> 8]));
}
