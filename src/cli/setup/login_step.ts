import { credentialsOf } from "../../apps/app_source.ts";
import { defined } from "../../defined.ts";
import type { ComposedServer } from "../../compose.ts";
import { ERROR_TABLE } from "../../errors/error_table.ts";
import { fillPlaceholders } from "../../errors/fill_placeholders.ts";
import type { KeptApp } from "../../ports/app_keeper.ts";
import type { KeptLogin, StartedLogin } from "../../ports/logins.ts";
import { EXIT_CODES } from "../command_line/exit_codes.ts";
import { LoginDialogue } from "../login/login_dialogue.ts";
import { shownUser } from "../logins/shown_user.ts";
import { type SetupStage, tellStep } from "./setup_stage.ts";

/** The login, or the exit code where there is none that lasts. */
export type LoginStepEnd =
  | { readonly kind: "logged in"; readonly login: KeptLogin }
  | { readonly kind: "ended"; readonly exitCode: number };

/**
 * The login of the app: the one that is kept, else a new one, which expects the person who made the app.
 *
 * @throws TokenError why nobody is logged in.
 */
export async function loginStep(app: KeptApp, stage: SetupStage): Promise<LoginStepEnd> {
  const existing = await keptLogin(app, stage);
  if (existing !== undefined) {
    const who = shownUser(existing.user);
    tellStep(stage, { en: `Login: ${who.en} is logged in already`, zh: `登录：${who.zh}此前已登录` });
    return { kind: "logged in", login: existing };
  }
  const { flags, target, platform } = stage;
  const dialogue = new LoginDialogue({
    flags: {
      request: { ...defined({ scopes: flags.scopes, user: app.madeBy }) },
      replaces: false,
      waits: true,
      asJson: false,
    },
    stage,
    platform,
    settingFlags: { app: app.name },
    server: { ...stage.server, logins: agreeing(stage) },
    target: { ...target, credentials: () => credentialsOf(app) },
  });
  const exitCode = await dialogue.run();
  if (exitCode !== 0) return { kind: "ended", exitCode };
  const login = await keptLogin(app, stage, true);
  if (login === undefined) return { kind: "ended", exitCode: EXIT_CODES.login };
  if (login.renewable) return { kind: "logged in", login };
  tellNotRenewable(app, stage);
  return { kind: "ended", exitCode: EXIT_CODES.login };
}

/** On a simulated Feishu the person agrees as soon as a login waits for them. */
function agreeing({ server: { logins }, person }: SetupStage): ComposedServer["logins"] {
  if (person === undefined) return logins;
  return {
    ...logins,
    async start(credentials, request, call): Promise<StartedLogin> {
      const started = await logins.start(credentials, request, call);
      person.logIn(started.userCode);
      return started;
    },
  };
}

async function keptLogin(
  app: KeptApp,
  { server: { logins, log } }: SetupStage,
  isNew = false,
): Promise<KeptLogin | undefined> {
  const all = await logins.list(credentialsOf(app), { owner: "local", log });
  const ofMaker = all.filter(({ user }) => app.madeBy === undefined || user.openId === app.madeBy);
  return (ofMaker.length > 0 ? ofMaker : all).find((login) =>
    isNew || (!login.needsLogin && login.renewable)
  );
}

function tellNotRenewable({ brand }: KeptApp, stage: SetupStage): void {
  const { nextStep } = ERROR_TABLE.login_not_renewable;
  const filled = fillPlaceholders(nextStep, { language: stage.language, brand, door: "cli" });
  tellStep(stage, {
    en: `The login works and cannot be renewed: it ends in about two hours. ${filled} Then run setup again.`,
    zh: `登录可用但无法刷新，约两小时后结束。${filled}之后请再次运行 setup。`,
  });
}
