import type { KeptApp } from "../../ports/app_keeper.ts";
import { shownCommand } from "../command_line/shown_command.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { allClientNames, clientNamed } from "../clients/client_named.ts";
import { runInstall } from "../install/run_install.ts";
import { runKeepTimer } from "../timer/run_keep_timer.ts";
import type { WorkCommand } from "../work/run_work.ts";
import { appFlags } from "./app_flags.ts";
import { asks, type SetupStage, tellStep } from "./setup_stage.ts";

/**
 * The client's configuration, as `install` makes it, with the app's name and without any secret.
 *
 * @returns the exit code of `install`; 0 where no client is named.
 */
export async function clientStep(app: KeptApp, command: WorkCommand, stage: SetupStage): Promise<number> {
  const client = stage.flags.client ?? await askClient(stage);
  if (client === undefined) {
    const install = shownCommand(["install", "--client", "NAME", ...appFlags(app, command)]);
    tellStep(stage, {
      en: `Client: none was named; to configure one: ${install}`,
      zh: `客户端：未指定；配置请运行：${install}`,
    });
    return 0;
  }
  return await runInstall({ ...shellOf(app, command), ownFlags: { client } });
}

/**
 * What keeps logins alive although no client runs.
 *
 * @returns the exit code of `keep --install`; 0 where that is not wanted.
 */
export async function keepStep(app: KeptApp, command: WorkCommand, stage: SetupStage): Promise<number> {
  if (stage.flags.keep ?? await asksForTimer(stage)) {
    return await runKeepTimer({ ...shellOf(app, command), ownFlags: { install: true } });
  }
  const install = shownCommand(["keep", "--install", ...appFlags(app, command)]);
  tellStep(stage, {
    en:
      `Keep-alive: clients renew the login while they run; without one it lasts for a week. To have the system renew it: ` +
      install,
    zh: `保活：客户端运行期间会刷新登录；没有客户端运行时，登录可保持一周。由系统定时刷新请运行：${install}`,
  });
  return 0;
}

/** The settings as they are, with the app: what starts the server later finds it by its name. */
function shellOf(app: KeptApp, { platform, sources, problems }: WorkCommand): Omit<
  Parameters<typeof runInstall>[0],
  "ownFlags"
> {
  return { platform, problems, sources: { ...sources, flags: { ...sources.flags, app: app.name } } };
}

async function askClient(stage: SetupStage): Promise<string | undefined> {
  if (!asks(stage)) return undefined;
  const { en, zh } = allClientNames();
  const question = {
    en: `Which client is to use it (${en})? Enter for none: `,
    zh: `由哪个客户端使用（${zh}）？直接回车表示不配置：`,
  };
  for (;;) {
    const answer = await stage.questions.ask(question[stage.language]);
    if (answer === "") return undefined;
    try {
      return clientNamed(answer).name;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      for (const problem of error.problems) tellStep(stage, problem);
    }
  }
}

async function asksForTimer(stage: SetupStage): Promise<boolean> {
  if (!asks(stage)) return false;
  const question = {
    en: "Have the system renew the login although no client runs [y/N]? ",
    zh: "没有客户端运行时，是否让系统定时刷新登录 [y/N]？",
  };
  return await stage.questions.confirm(question[stage.language]);
}
