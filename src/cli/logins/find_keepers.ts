import type { ComposedServer } from "../../compose.ts";
import type { Phrase } from "../../errors/language.ts";
import type { KeptLogin } from "../../ports/logins.ts";
import type { ShellSettings } from "../launch/carried_flags.ts";
import { findsTimer } from "../timer/finds_timer.ts";

/** What is seen to renew the logins of a store in time: a process that runs on this machine, a timer of its system. */
export type Keeper = "process" | "timer";

/** Finds what renews the logins of the store of `server`, which is that of the shell. Processes and timers of other machines are not seen. */
export async function findKeepers(
  server: Pick<ComposedServer, "hasOtherProcesses">,
  shell: ShellSettings,
): Promise<readonly Keeper[]> {
  const keepers: Keeper[] = [];
  if (await server.hasOtherProcesses()) keepers.push("process");
  if (await findsTimer(shell)) keepers.push("timer");
  return keepers;
}

const KEEPER_NAMES: Readonly<Record<Keeper, Phrase>> = {
  process: { en: "a process of this store that runs now", zh: "正在运行的、使用该存储的进程" },
  timer: { en: "the system's timer (`keep --install`)", zh: "系统的定时任务（`keep --install`）" },
};

/** What renews logins, as a part of a sentence; `undefined` where nothing is seen to. */
export function namedKeepers(keepers: readonly Keeper[]): Phrase | undefined {
  if (keepers.length === 0) return undefined;
  const names = keepers.map((keeper) => KEEPER_NAMES[keeper]);
  return { en: names.map(({ en }) => en).join(" and by "), zh: names.map(({ zh }) => zh).join("和") };
}

/** What helps where nothing is seen to renew logins; its command is still to be shown as a person types it. */
export const KEEP_THEM: Phrase = {
  en: "Leave a server running, or have the system renew them: `feishu-token-mcp keep --install`",
  zh: "请让服务保持运行，或由系统定时刷新：`feishu-token-mcp keep --install`",
};

/** Whether a renewal in time would make any of `logins` last longer. */
export function canBeKept(logins: readonly KeptLogin[]): boolean {
  return logins.some(({ renewable, needsLogin }) => renewable && !needsLogin);
}
