import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import type { Platform } from "../../platform.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { hasApp } from "../launch/has_app.ts";
import { launch } from "../launch/launch.ts";
import { settle } from "../launch/settle.ts";
import { type ShellCommand, type ShellStage, withShell } from "../launch/with_shell.ts";
import { crontabLine } from "./crontab_line.ts";
import { launchdTimer } from "./launchd_timer.ts";
import { type SystemTimer, TIMER_HOURS } from "./system_timer.ts";
import { systemdTimer } from "./systemd_timer.ts";
import { windowsTimer } from "./windows_timer.ts";

const ADD_LINE: Phrase = {
  en: "This system has no timers for users: add the line above with `crontab -e`",
  zh: "本系统没有面向用户的定时器：请用 `crontab -e` 加入上面这一行",
};
const REMOVE_LINE: Phrase = {
  en:
    "This system has no timers for users: remove the line with `feishu-token-mcp` or `main.ts keep` in it " +
    "with `crontab -e`",
  zh: "本系统没有面向用户的定时器：请用 `crontab -e` 删除含有 `feishu-token-mcp` 或 `main.ts keep` 的那一行",
};
const NO_APP_TO_KEEP: Phrase = {
  en: "There are no app credentials that a timer would find",
  zh: "没有定时任务能够读取的应用凭证",
};
const NAME_A_FILE: Phrase = {
  en: "write them into a file that only you can read, and name that with --env-file PATH",
  zh: "请将其写入仅自己可读的文件，并用 --env-file PATH 指定",
};

/**
 * Has the system run `keep` from time to time, or ends that. Done again it changes nothing.
 *
 * @returns the exit code: 3 where the system refuses.
 */
export function runKeepTimer(command: ShellCommand): Promise<number> {
  const { install, uninstall, json } = command.ownFlags;
  return withShell(command, install === true ? "keep --install" : "keep --uninstall", async (stage) => {
    if (install === uninstall) throw contradiction("install", "uninstall");
    if (json === true) throw contradiction(install === true ? "install" : "uninstall", "json");
    return install === true ? await installTimer(stage) : await uninstallTimer(stage);
  });
}

async function installTimer(stage: ShellStage): Promise<number> {
  const { platform, say, warn } = stage;
  const keep = await launch("own", ["keep"], stage);
  if (!await hasApp(stage)) throw new StartError(NO_APP_TO_KEEP, { nextStep: NAME_A_FILE });
  const timer = await timerOf(platform);
  await settle(keep.copies);
  if (timer === undefined) {
    platform.stdout.write(`${crontabLine(keep)}\n`);
    warn(ADD_LINE);
    return 0;
  }
  const notes = await timer.install(keep);
  say({
    en: `Logins are now renewed every ${TIMER_HOURS} hours; \`keep --uninstall\` ends that`,
    zh: `现在每 ${TIMER_HOURS} 小时刷新一次登录；\`keep --uninstall\` 可停止`,
  });
  for (const note of [...keep.warnings, ...notes]) warn(note);
  return 0;
}

async function uninstallTimer({ platform, say, warn }: ShellStage): Promise<number> {
  const timer = await timerOf(platform);
  if (timer === undefined) {
    warn(REMOVE_LINE);
    return 0;
  }
  const was = await timer.uninstall();
  say(
    was
      ? { en: "Logins are no longer renewed by the system", zh: "系统不再定时刷新登录" }
      : { en: "There was no such timer; nothing was changed", zh: "没有这样的定时任务；未作任何改动" },
  );
  return 0;
}

function timerOf(platform: Platform): Promise<SystemTimer | undefined> {
  switch (platform.os) {
    case "windows":
      return windowsTimer(platform);
    case "darwin":
      return launchdTimer(platform);
    default:
      return systemdTimer(platform);
  }
}

function contradiction(a: string, b: string): UsageError {
  return new UsageError({
    en: `--${a} and --${b} contradict each other`,
    zh: `--${a} 与 --${b} 互相矛盾`,
  });
}
