import type { Brand } from "../../brand.ts";
import { defined } from "../../defined.ts";
import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { KeptApp } from "../../ports/app_keeper.ts";
import { UsageError } from "../command_line/usage_error.ts";
import type { AppStage } from "./app_stage.ts";
import { proveApp } from "./prove_app.ts";
import { readSecret } from "./read_secret.ts";

const CONSOLE_PAGES: Readonly<Record<Brand, string>> = {
  feishu: "https://open.feishu.cn/app",
  lark: "https://open.larksuite.com/app",
};

/** What is known of an app before anything is asked. */
export interface WantedApp {
  /** Of a form that names have. */
  readonly name: string;
  /** Where it was made. */
  readonly brand: Brand;
  /** Absent to ask for it. */
  readonly appId?: string | undefined;
}

/**
 * Asks for what is missing of an app, proves it, and keeps it.
 *
 * @throws TokenError where it is not kept; UsageError where nobody can be asked.
 */
export async function addApp({ name, brand, ...given }: WantedApp, stage: AppStage): Promise<KeptApp> {
  const { apps, server } = stage;
  const named = (await apps.read()).apps.find((app) => app.name === name);
  // Before the secret is asked for.
  if (named !== undefined && named.appId !== given.appId) {
    throw new TokenError("app_name_taken", { detail: verbatim(name) });
  }
  const appId = given.appId ?? await askAppId(brand, stage);
  const appSecret = await readSecret(stage);
  await proveApp({ brand, appId, appSecret }, stage);
  return await apps.add({ name, brand, appId, appSecret, ...defined({ at: server.at }) });
}

async function askAppId(brand: Brand, { questions, language }: AppStage): Promise<string> {
  if (!questions.canAsk) {
    throw new UsageError({
      en: "There is no terminal on which to ask for the App ID: give it as --app-id",
      zh: "没有可供询问 App ID 的终端：请用 --app-id 给出",
    });
  }
  const question: Phrase = {
    en: `App ID (${CONSOLE_PAGES[brand]}, your app, Credentials & Basic Info): `,
    zh: `App ID（${CONSOLE_PAGES[brand]} → 你的应用 → 凭证与基础信息）：`,
  };
  return await questions.ask(question[language]);
}
