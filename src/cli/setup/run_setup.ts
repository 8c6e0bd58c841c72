import type { Phrase } from "../../errors/language.ts";
import { keeperOf } from "../apps/app_stage.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { resolvePlace } from "../../store/files/store_place.ts";
import { Questions } from "../prompt/questions.ts";
import { runWork, type WorkCommand } from "../work/run_work.ts";
import { appStep } from "./app_step.ts";
import { clientStep, keepStep } from "./client_step.ts";
import { loginStep } from "./login_step.ts";
import { readSetupFlags, type SetupFlags } from "./setup_flags.ts";
import { type SetupStage, tellStep } from "./setup_stage.ts";
import { simulatedPerson } from "./simulated_person.ts";
import { tokenStep } from "./token_step.ts";

const NOBODY_TO_GUIDE: Phrase = {
  en:
    "There is no terminal on which to ask: repeat the command with --yes, and with --brand, --app-id (the secret on " +
    "standard input), --client, --scope, --keep or --no-keep as wanted",
  zh:
    "没有可供询问的终端：请加 --yes 重新运行，并按需加上 --brand、--app-id（App Secret 从标准输入传入）、--client、--scope、" +
    "--keep 或 --no-keep",
};

const STOPPED: Phrase = {
  en: "stopped; what is done is kept, and setup goes on there the next time",
  zh: "已停止；已完成的步骤都已保存，再次运行 setup 即可继续",
};

/**
 * Leads from nothing to a working agent: app, login, client, keep-alive, a first token. What exists is shown and left as
 * it is.
 *
 * @returns the exit code: 4 where the login cannot be renewed.
 */
export function runSetup(given: WorkCommand): Promise<number> {
  const command = withSandboxState(given);
  const { platform } = command;
  return runWork(command, false, async (work) => {
    const { config, language, stop } = work;
    const flags = readSetupFlags(command.ownFlags);
    const questions = new Questions({ platform, signal: stop.signal, onInterrupt: () => stop.interrupt() });
    if (!flags.isYes && !questions.canAsk) throw new UsageError(NOBODY_TO_GUIDE);
    requireLastingStore(config.kv);
    const toldAgain = stop.toldBy(() => platform.stderr.write(`\nfeishu-token-mcp: ${STOPPED[language]}\n`));
    try {
      const outcome = await work.withServer(async (server, target) => {
        const apps = keeperOf(server);
        const { registrations: registrar } = server;
        if (registrar === null) throw new TypeError("A store that keeps apps registers them");
        const { sandbox } = config;
        const person = sandbox.kind === "none" || target.baseUrl === undefined
          ? undefined
          : simulatedPerson(target.baseUrl, platform, server.log);
        const stage = {
          platform,
          language,
          config,
          flags,
          questions,
          stop,
          server,
          target,
          apps,
          registrar,
          person,
        };
        return await lead(command, stage);
      }, placeOf(flags));
      return outcome;
    } finally {
      toldAgain();
      if (questions.canAsk) questions.close();
    }
  });
}

/**
 * `--sandbox` means a simulated Feishu that is kept in a file, by default next to the stores: one that ends with the
 * command would be of no use to the client.
 */
function withSandboxState(command: WorkCommand): WorkCommand {
  const { platform: { os, env }, sources } = command;
  const { sandbox, ...flags } = sources.flags;
  if (sandbox === undefined) return command;
  const place = resolvePlace({ kv: undefined, fileName: "sandbox.json", os, env });
  if (place.kind !== "file") return command;
  return { ...command, sources: { ...sources, flags: { sandboxState: place.path, ...flags } } };
}

const SIMULATED: Phrase = {
  en:
    "This Feishu is simulated: its person opens the links below and agrees at once; you have nothing to scan or open.",
  zh: "这是模拟飞书：其中的用户会打开下面的链接并立即同意，你无需扫码或打开任何链接。",
};

async function lead(command: WorkCommand, stage: SetupStage): Promise<number> {
  if (stage.person !== undefined) tellStep(stage, SIMULATED);
  const app = await appStep(stage);
  const login = await loginStep(app, stage);
  if (login.kind === "ended") return login.exitCode;
  stage.stop.signal.throwIfAborted();
  const installed = await clientStep(app, command, stage);
  const kept = await keepStep(app, command, stage);
  await tokenStep(app, login.login, command, stage);
  return installed === 0 ? kept : installed;
}

/** A further app is made at the address that is set, and not at that of the app that counts now. */
function placeOf({ isNewApp }: SetupFlags): { readonly isPlaceFixed?: boolean } {
  return isNewApp ? { isPlaceFixed: true } : {};
}

function requireLastingStore(kv: string | undefined): void {
  if (kv !== ":memory:") return;
  throw new UsageError({
    en:
      "The store is in memory, so that everything would end with this command: use one on the disk (--kv PATH)",
    zh: "令牌存储在内存中，一切都会随该命令一起消失：请使用磁盘上的存储（--kv PATH）",
  });
}
