import { credentialsOf } from "../../apps/app_source.ts";
import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { KeptLogin } from "../../ports/logins.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { shownUser } from "../logins/shown_user.ts";
import { type AppStage, tellOutcome } from "./app_stage.ts";

const NOBODY_TO_CONFIRM: Phrase = {
  en: "The app has logins, and there is no terminal on which to ask: repeat the command with --yes",
  zh: "该应用有已保存的登录，而没有可供确认的终端：请加 --yes 重新运行该命令",
};

/**
 * Forgets an app. Its logins are ended first, after a question, since nothing could renew them later.
 *
 * @returns whether it was removed: not where the person says no.
 */
export async function removeApp(name: string, isConfirmed: boolean, stage: AppStage): Promise<boolean> {
  const { apps, server: { logins, log } } = stage;
  const app = (await apps.read()).apps.find((each) => each.name === name);
  if (app === undefined) throw new TokenError("app_not_found", { detail: verbatim(name) });
  const credentials = credentialsOf(app);
  const call = { owner: "local", log } as const;
  const kept = await logins.list(credentials, call);
  if (kept.length > 0 && !isConfirmed && !await confirms(name, kept, stage)) return false;
  for (const { user } of kept) {
    await logins.logout(credentials, user.openId, call);
    const who = shownUser(user);
    tellOutcome(stage, { en: `Logged out: ${who.en}`, zh: `已退出登录：${who.zh}` });
  }
  await apps.remove(name);
  return true;
}

async function confirms(
  name: string,
  kept: readonly KeptLogin[],
  { questions, language }: AppStage,
): Promise<boolean> {
  if (!questions.canAsk) throw new UsageError(NOBODY_TO_CONFIRM);
  const who = kept.map(({ user }) => shownUser(user)[language]).join(language === "zh" ? "、" : ", ");
  const question: Phrase = {
    en: `End the logins of ${name} (${who}) and forget the app? Programs that use it stop working [y/N] `,
    zh: `要结束应用 ${name} 的登录（${who}）并删除该应用吗？使用它的程序将无法继续工作 [y/N] `,
  };
  return await questions.confirm(question[language]);
}
