import type { Brand } from "../../brand.ts";
import { credentialsOf } from "../../apps/app_source.ts";
import { TokenError } from "../../errors/token_error.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { KeptApp } from "../../ports/app_keeper.ts";
import { addApp } from "../apps/add_app.ts";
import { freeName } from "../apps/free_name.ts";
import { proveApp } from "../apps/prove_app.ts";
import { readSecret } from "../apps/read_secret.ts";
import { registerApp } from "../apps/register_app.ts";
import { registrationScopes } from "../apps/registration_scopes.ts";
import { asks, type SetupStage, tellStep } from "./setup_stage.ts";

/**
 * The app: the kept one that is named or is the default, proven again; else a new one, by scan or by its own id and
 * secret. There is never a second one without `--new-app`.
 *
 * @throws TokenError why there is none.
 */
export async function appStep(stage: SetupStage): Promise<KeptApp> {
  const { apps, config, flags } = stage;
  const { apps: kept, defaultName } = await apps.read();
  const wanted = config.app ?? defaultName;
  const existing = flags.isNewApp ? undefined : kept.find(({ name }) => name === wanted);
  if (existing !== undefined) return await provenAgain(existing, stage);
  const name = config.app ?? await freeName(apps);
  if (kept.some((app) => app.name === name)) {
    throw new TokenError("app_name_taken", { detail: verbatim(name) });
  }
  const brand = flags.brand ?? config.brandOfBaseUrl ?? await askBrand(stage);
  const app = await isOwnApp(stage)
    ? await addApp({ name, brand, appId: flags.appId }, stage)
    : await registerApp(
      { name, brand, scopes: flags.scopes ?? registrationScopes(config.scopes) },
      {
        ...stage,
        clock: stage.target.clock,
        onShown: ({ userCode }) => stage.person?.makeApp(userCode),
      },
    );
  tellStep(stage, {
    en: `App: ${app.name} (${app.appId}), kept and proven`,
    zh: `应用：${app.name}（${app.appId}），已保存并通过验证`,
  });
  return app;
}

/** A secret that was reset is the one thing that a kept app can lack. */
async function provenAgain(app: KeptApp, stage: SetupStage): Promise<KeptApp> {
  const { name, brand, appId } = app;
  try {
    await stage.server.tokens.appToken(credentialsOf(app), 0, { log: stage.server.log });
  } catch (error) {
    const isRefused = error instanceof TokenError && error.code === "credentials_refused";
    if (!isRefused || !asks(stage)) throw error;
    tellStep(stage, {
      en: `Feishu refuses the secret of ${name} (${appId}); it may have been reset`,
      zh: `飞书拒绝了 ${name}（${appId}）的 App Secret，可能已被重置`,
    });
    const appSecret = await readSecret(stage);
    await proveApp({ brand, appId, appSecret }, stage);
    return await stage.apps.replaceSecret(name, appSecret);
  }
  tellStep(stage, {
    en: `App: ${name} (${appId}) is kept already, and works`,
    zh: `应用：${name}（${appId}）此前已保存，可以使用`,
  });
  return app;
}

async function askBrand(stage: SetupStage): Promise<Brand> {
  if (!asks(stage)) return "feishu";
  const question = {
    en: "Feishu (1) or Lark (2)? [1] ",
    zh: "使用飞书（1）还是 Lark（2）？[1] ",
  };
  return /^(2|l|lark)$/i.test(await stage.questions.ask(question[stage.language])) ? "lark" : "feishu";
}

async function isOwnApp(stage: SetupStage): Promise<boolean> {
  if (stage.flags.appId !== undefined) return true;
  if (!asks(stage)) return false;
  const question = {
    en: "Make a new app by scanning a code (1), or use an app of yours (2)? [1] ",
    zh: "扫码创建新应用（1），还是使用已有的应用（2）？[1] ",
  };
  return (await stage.questions.ask(question[stage.language])) === "2";
}
