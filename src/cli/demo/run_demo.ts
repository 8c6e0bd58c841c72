import type { Platform } from "../../platform.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import { EXIT_INTERRUPTED } from "../ending/end_at_once.ts";
import { shownCommand } from "../command_line/shown_command.ts";
import { type DemoProgram, type SelfCommand, selfCommand, startProgram } from "./demo_program.ts";
import { DemoReport } from "./demo_report.ts";
import { DemoSandbox } from "./demo_sandbox.ts";
import type { DemoStage } from "./demo_stage.ts";
import { showHttp } from "./show_http.ts";
import { showLogins } from "./show_logins.ts";
import { showSecrecy } from "./show_secrecy.ts";
import { showStdio } from "./show_stdio.ts";

/** Options of {@linkcode runDemo}. */
export interface DemoOptions {
  /** Language of the output. */
  readonly language: Language;
  /** Starts the sandbox and the servers; by default this very program. */
  readonly self?: SelfCommand;
}

/** The last lines: what to try next. */
function nextSteps(): Phrase {
  const [token, doctor] = [
    shownCommand(["token", "app", "--sandbox"]),
    shownCommand(["doctor", "--env-file", ".env"]),
  ];
  return {
    en: `\nNext, a token in your shell, still without an account: ${token}\n` +
      `Or with your own app, FEISHU_APP_ID=… and FEISHU_APP_SECRET=… in a file .env: ${doctor}`,
    zh: `\n接下来，在终端里获取一个令牌，仍不需要账号：${token}\n` +
      `或者使用自己的应用，先在文件 .env 中写入 FEISHU_APP_ID=… 和 FEISHU_APP_SECRET=…：${doctor}`,
  };
}

/**
 * Shows the program at work against a simulated Feishu, both as real processes, and checks each claim that it prints.
 *
 * @returns exit code 0 where every claim held, else 1.
 */
export async function runDemo(platform: Platform, options: DemoOptions): Promise<number> {
  const { language, self = selfCommand(platform.env) } = options;
  const report = new DemoReport((text) => platform.stdout.write(text), language);
  const folder = await Deno.makeTempDir({ prefix: "feishu-token-demo-" });
  const running: DemoProgram[] = [];
  const leaveNothing = async (): Promise<void> => {
    await Promise.all(running.map((program) => program.end("SIGKILL")));
    await Deno.remove(folder, { recursive: true });
  };
  // A signal that reaches this process alone would otherwise leave the others running.
  const endSignals = platform.onSignal(() => {
    void leaveNothing().finally(() => platform.exit(EXIT_INTERRUPTED));
  });
  try {
    const sandboxProgram = await startProgram(
      self,
      platform.clock,
      ["sandbox", "--port", "0"],
      /sandbox (http:\/\/\S+)/,
    );
    running.push(sandboxProgram);
    const stage: DemoStage = {
      platform,
      report,
      self,
      sandbox: new DemoSandbox(sandboxProgram.url, platform.fetch),
      sandboxUrl: sandboxProgram.url,
      store: `${folder}/tokens.kv`,
    };
    report.say({
      en: `A simulated Feishu runs at ${sandboxProgram.url}; no account and no network is used.`,
      zh: `模拟飞书运行在 ${sandboxProgram.url}；不需要账号，也不访问网络。`,
    });
    const kept = await showHttp(stage, running);
    await showStdio(stage, kept);
    const handedOut = await showLogins(stage, running);
    await showSecrecy(stage, folder, [kept.appToken, kept.first, kept.second, ...handedOut].map(String));
    report.end(await stage.sandbox.accepted(""));
    report.say(nextSteps());
    return report.exitCode;
  } catch (error) {
    report.say({ en: `\nThe demo cannot go on: ${error}`, zh: `\n演示无法继续：${error}` });
    return 1;
  } finally {
    endSignals();
    await leaveNothing();
  }
}
