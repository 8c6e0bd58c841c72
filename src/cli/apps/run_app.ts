import type { Config } from "../../config.ts";
import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { KeptApp } from "../../ports/app_keeper.ts";
import { readScopes } from "../command_line/read_scopes.ts";
import { shownCommand } from "../command_line/shown_command.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { Questions } from "../prompt/questions.ts";
import { runWork, type WorkCommand, type WorkPlace } from "../work/run_work.ts";
import { addApp } from "./add_app.ts";
import { appListReport, appListText } from "./app_list_text.ts";
import { type AppStage, keeperOf, tellOutcome } from "./app_stage.ts";
import { proveApp } from "./prove_app.ts";
import { readAppName } from "./read_app_name.ts";
import { freeName } from "./free_name.ts";
import { registerApp, type RegistrationStage } from "./register_app.ts";
import { registrationScopes } from "./registration_scopes.ts";
import { readBrand } from "./read_brand.ts";
import { readSecret } from "./read_secret.ts";
import { removeApp } from "./remove_app.ts";

/**
 * Keeps, lists, renames or removes apps.
 *
 * @returns the exit code: 0 also where the person says no.
 */
export function runApp(command: WorkCommand): Promise<number> {
  return runWork(command, command.ownFlags.json === true, async (stage) => {
    requireLastingStore(stage.config);
    const work = readWork(command);
    const { platform } = command;
    const { language, stop } = stage;
    const questions = new Questions({
      platform,
      signal: stop.signal,
      onInterrupt: () => stop.interrupt(),
    });
    const toldAgain = stop.toldBy(() => platform.stderr.write("\n"));
    try {
      await stage.withServer(async (server, target) => {
        const { registrations } = server;
        const apps = keeperOf(server);
        if (registrations === null) throw new TypeError("A store that keeps apps registers them");
        const { config } = stage;
        await work.run({
          ...{ platform, language, questions, server, apps, stop, clock: target.clock },
          registrar: registrations,
          scopes: config.scopes,
        });
      }, work.place);
      return 0;
    } finally {
      toldAgain();
      if (questions.canAsk) questions.close();
    }
  });
}

/** A word of the command, its names and flags checked. */
interface AppWork {
  readonly place: WorkPlace;
  readonly run: (stage: WholeStage) => Promise<void>;
}

/** What any word works with. */
interface WholeStage extends AppStage, RegistrationStage {
  /** Of `FEISHU_TOKEN_SCOPES`. */
  readonly scopes: readonly string[];
}

function readWork({ word, names, ownFlags }: WorkCommand): AppWork {
  if (word === "list") return { place: {}, run: (stage) => list(stage, ownFlags.json === true) };
  if (word === "register") return registration(names[0], ownFlags);
  const name = readAppName(names[0]);
  switch (word) {
    case "add": {
      const brand = readBrand(ownFlags.brand) ?? "feishu";
      const appId = typeof ownFlags["app-id"] === "string" ? ownFlags["app-id"] : undefined;
      return {
        place: { isPlaceFixed: true },
        run: async (stage) => await tellKept(await addApp({ name, brand, appId }, stage), stage),
      };
    }
    case "use":
      return {
        place: {},
        run: async (stage) => await tellKept(await stage.apps.use(name), stage),
      };
    case "rename": {
      const newName = readAppName(names[1]);
      return {
        place: {},
        run: async (stage) => await tellKept(await stage.apps.rename(name, newName), stage),
      };
    }
    case "secret":
      return { place: { app: name }, run: (stage) => replaceSecret(name, stage) };
    default:
      return { place: { app: name }, run: (stage) => remove(name, ownFlags.yes === true, stage) };
  }
}

function registration(name: string | undefined, ownFlags: WorkCommand["ownFlags"]): AppWork {
  const brand = readBrand(ownFlags.brand) ?? "feishu";
  const asked = typeof ownFlags.scope === "string" ? readScopes(ownFlags.scope) : undefined;
  const given = name === undefined ? undefined : readAppName(name);
  return {
    place: { isPlaceFixed: true },
    run: async (stage) => {
      const app = await registerApp({
        name: given ?? await freeName(stage.apps),
        brand,
        scopes: asked ?? registrationScopes(stage.scopes),
      }, stage);
      await tellKept(app, stage);
    },
  };
}

/** A store in memory ends with the command. */
function requireLastingStore({ kv }: Config): void {
  if (kv !== ":memory:") return;
  throw new UsageError({
    en:
      "The store is in memory, so that the app would end with this command: use one on the disk (--kv PATH)",
    zh: "令牌存储在内存中，应用会随该命令一起消失：请使用磁盘上的存储（--kv PATH）",
  });
}

async function list({ apps, platform, language }: AppStage, asJson: boolean): Promise<void> {
  const kept = await apps.read();
  if (asJson) return void platform.stdout.write(`${JSON.stringify(appListReport(kept))}\n`);
  if (kept.apps.length > 0) {
    const columns = platform.columns("stdout");
    platform.stdout.write(appListText(kept, { language, timeZone: platform.timeZone, columns }));
    return;
  }
  const add = shownCommand(["app", "add", "NAME"]);
  const nothing: Phrase = {
    en: `no app is kept; to keep one: ${add}`,
    zh: `尚未保存应用；保存请运行：${add}`,
  };
  platform.stderr.write(`feishu-token-mcp: ${nothing[language]}\n`);
}

async function tellKept({ name, appId, at, brand }: KeptApp, stage: AppStage): Promise<void> {
  const isDefault = (await stage.apps.read()).defaultName === name;
  const feishu = at ?? brand;
  tellOutcome(stage, {
    en: `Kept: ${name} (${appId}, ${feishu})${isDefault ? ", the default app" : ""}`,
    zh: `已保存：${name}（${appId}，${feishu}）${isDefault ? "，默认应用" : ""}`,
  });
}

async function replaceSecret(name: string, stage: AppStage): Promise<void> {
  const { apps } = stage;
  const app = (await apps.read()).apps.find((each) => each.name === name);
  // Before the secret is asked for.
  if (app === undefined) throw new TokenError("app_not_found", { detail: verbatim(name) });
  const { brand, appId } = app;
  const appSecret = await readSecret(stage);
  await proveApp({ brand, appId, appSecret }, stage);
  await apps.replaceSecret(name, appSecret);
  tellOutcome(stage, {
    en: `The secret of ${name} is replaced; running processes take it by themselves`,
    zh: `已更换 ${name} 的 App Secret；运行中的进程会自动采用`,
  });
}

async function remove(name: string, isConfirmed: boolean, stage: AppStage): Promise<void> {
  if (!await removeApp(name, isConfirmed, stage)) return;
  tellOutcome(stage, { en: `Forgotten: ${name}`, zh: `已删除：${name}` });
}
