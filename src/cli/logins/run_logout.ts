import type { Phrase } from "../../errors/language.ts";
import type { EndedLogin, UpstreamRevocation } from "../../ports/logins.ts";
import type { Platform } from "../../platform.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { runWork, type WorkCommand } from "../work/run_work.ts";
import type { Stop } from "../work/stop.ts";
import { askYes } from "./ask_yes.ts";
import { shownUser } from "./shown_user.ts";

const UPSTREAM: Readonly<Record<UpstreamRevocation, Phrase>> = {
  revoked: {
    en: "Feishu has ended its tokens",
    zh: "飞书已撤销其令牌",
  },
  refused: {
    en: "Feishu refused to end its tokens; they are destroyed here, and end at Feishu by themselves",
    zh: "飞书拒绝撤销其令牌；令牌已在本机销毁，在飞书侧会自行过期",
  },
  unknown: {
    en: "Feishu was asked to end its tokens, and its answer did not arrive; they are destroyed here",
    zh: "已请求飞书撤销其令牌，但没有收到响应；令牌已在本机销毁",
  },
  not_sent: {
    en:
      "Feishu was not asked to end its tokens, since that could end another login of the same person; they are " +
      "destroyed here, and end at Feishu by themselves",
    zh: "没有请求飞书撤销其令牌，因为那可能使同一用户的其他登录失效；令牌已在本机销毁，在飞书侧会自行过期",
  },
};

const NOBODY_TO_ASK: Phrase = {
  en: "There is no terminal on which to ask: repeat the command with --yes",
  zh: "没有可供确认的终端：请加 --yes 重新运行该命令",
};

/**
 * Ends a login, after a question where a person can answer it.
 *
 * @returns the exit code: 0 also where the person says no.
 */
export function runLogout(command: WorkCommand): Promise<number> {
  const { platform, ownFlags } = command;
  const user = typeof ownFlags.user === "string" ? ownFlags.user : undefined;
  return runWork(command, false, async ({ language, stop, withServer }) => {
    if (ownFlags.yes !== true && !await isConfirmed(platform, question(user)[language], stop)) return 0;
    return await withServer(async ({ logins, log }, { credentials }) => {
      const ended = await logins.logout(credentials(), user, { owner: "local", log });
      platform.stdout.write(`${outcome(ended)[language]}\n`);
      return 0;
    });
  });
}

/** @throws UsageError where nobody can be asked; the signal's reason once that has come. */
async function isConfirmed(platform: Platform, text: string, stop: Stop): Promise<boolean> {
  if (!platform.isStdinTerminal() || !platform.isTerminal) throw new UsageError(NOBODY_TO_ASK);
  const toldAgain = stop.toldBy(() => platform.stderr.write("\n"));
  const isYes = await askYes(platform, text, stop.signal);
  toldAgain();
  return isYes;
}

/** The name is as it was typed: the store is opened only after the answer. */
function question(user: string | undefined): Phrase {
  const whose = user === undefined ? { en: "the kept login", zh: "已保存的登录" } : {
    en: `the login of ${user}`,
    zh: ` ${user} 的登录`,
  };
  return {
    en: `End ${whose.en}? Programs that use it will have to log in again [y/N] `,
    zh: `要结束${whose.zh}吗？使用它的程序之后需要重新登录 [y/N] `,
  };
}

function outcome({ user, upstream }: EndedLogin): Phrase {
  const [who, feishu] = [shownUser(user), UPSTREAM[upstream]];
  return {
    en: `Logged out: ${who.en}. ${feishu.en} (${upstream})`,
    zh: `已退出登录：${who.zh}。${feishu.zh}（${upstream}）`,
  };
}
