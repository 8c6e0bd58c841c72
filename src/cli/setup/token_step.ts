import { credentialsOf } from "../../apps/app_source.ts";
import type { KeptApp } from "../../ports/app_keeper.ts";
import type { KeptLogin } from "../../ports/logins.ts";
import type { Phrase } from "../../errors/language.ts";
import { shownCommand } from "../command_line/shown_command.ts";
import { shownTime } from "../logins/shown_time.ts";
import { shownUser } from "../logins/shown_user.ts";
import type { WorkCommand } from "../work/run_work.ts";
import { appFlags } from "./app_flags.ts";
import type { SetupStage } from "./setup_stage.ts";

const MIN_TTL_MS = 5 * 60 * 1_000;
/** Of a token, as many characters as tell its kind. */
const SHOWN_CHARACTERS_OF_TOKEN = 4;

/**
 * Gets a first token, and says what to ask the agent, and what to type for the same in a terminal. The token is shown
 * masked.
 */
export async function tokenStep(
  app: KeptApp,
  { user }: KeptLogin,
  command: WorkCommand,
  stage: SetupStage,
): Promise<void> {
  const { server: { logins, log }, platform, language, target, person } = stage;
  const token = await logins.userToken(credentialsOf(app), { user: user.openId, minTtlMs: MIN_TTL_MS }, {
    owner: "local",
    log,
  });
  const until = shownTime(token.expiresAtMs, { nowMs: target.clock.now(), timeZone: platform.timeZone });
  const shown = `${token.accessToken.reveal().slice(0, SHOWN_CHARACTERS_OF_TOKEN)}…`;
  const who = shownUser(token.user);
  const ask: Phrase = person === undefined
    ? {
      en: '"Get my Feishu user token, and list my newest documents."',
      zh: "“获取我的飞书用户令牌，并列出我最近的文档。”",
    }
    // Its token is worth nothing at Feishu.
    : { en: '"Get my Feishu user token."', zh: "“获取我的飞书用户令牌。”" };
  const [status, byHand] = [["status"], ["token", "user"]].map((words) =>
    shownCommand([...words, ...appFlags(app, command)])
  );
  const lines = {
    en: `A token of ${who.en} works: ${shown}, until ${until.en}\n` +
      `Ask your agent, for instance: ${ask.en}\nIn a terminal:\n  ${status}\n  ${byHand}\n`,
    zh: `${who.zh}的令牌可用：${shown}，有效期至 ${until.zh}\n` +
      `可以这样问智能体：${ask.zh}\n在终端中：\n  ${status}\n  ${byHand}\n`,
  };
  platform.stdout.write(lines[language]);
}
