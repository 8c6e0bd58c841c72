import type { ComposedServer } from "../../compose.ts";
import type { ConfigSources } from "../../config.ts";
import type { Audience } from "../../errors/audience.ts";
import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import { toUnixSeconds } from "../../mcp/contract/token_times.ts";
import type { Platform } from "../../platform.ts";
import type { AppCredentials } from "../../ports/feishu.ts";
import type { LoginProgress, StartedLogin } from "../../ports/logins.ts";
import type { CallContext } from "../../ports/tokens.ts";
import { Secret } from "../../secret.ts";
import type { FeishuTarget } from "../target/feishu_target.ts";
import type { WorkStage } from "../work/run_work.ts";
import { CountDown } from "./count_down.ts";
import type { LoginFlags } from "./login_flags.ts";
import { LoginOutcome } from "./login_outcome.ts";
import { polledBy } from "./polled_by.ts";
import { resumeCommand } from "./resume_command.ts";
import { linkLines, showLink, waitsOnLine } from "./show_link.ts";
import { waitForLogin } from "./wait_for_login.ts";

/** The first process that names the file of a simulated Feishu runs it. */
const SANDBOX_ENDS: Phrase = {
  en: "the simulated Feishu ends with this command, and the link with it: have a server with the same " +
    "--sandbox-state run meanwhile, or leave --no-wait out",
  zh:
    "模拟飞书会随该命令结束，链接也随之失效：请同时运行一个使用相同 --sandbox-state 的服务，或去掉 --no-wait",
};

/** One login, from its link to its outcome. */
export class LoginDialogue {
  readonly #options: LoginDialogueOptions;
  readonly #credentials: AppCredentials;
  readonly #call: CallContext;
  readonly #outcome: LoginOutcome;
  readonly #countDown: CountDown;

  /**
   * Asks nothing yet.
   *
   * @throws TokenError where there are no credentials.
   */
  constructor(options: LoginDialogueOptions) {
    const { platform, stage: { language }, server: { log }, target, flags } = options;
    this.#options = options;
    this.#credentials = target.credentials();
    this.#call = { owner: "local", log };
    const audience: Audience = { language, brand: this.#credentials.brand, door: "cli" };
    this.#outcome = new LoginOutcome({ platform, clock: target.clock, audience, asJson: flags.asJson });
    this.#countDown = new CountDown({ platform, clock: target.clock, language });
  }

  /** Resolves to the exit code. */
  async run(): Promise<number> {
    const { flags } = this.#options;
    if (flags.resumed === undefined) {
      const started = await this.#options.server.logins.start(this.#credentials, flags.request, this.#call);
      return flags.waits ? await this.#waitFor(started.loginId, started) : await this.#tellStart(started);
    }
    const { loginId, waiting } = await this.#find(flags.resumed);
    if (flags.waits) return await this.#waitFor(loginId, waiting);
    return this.#outcome.tell(await this.#ask(loginId), this.#takeIt(loginId));
  }

  async #find(
    resumed: NonNullable<LoginFlags["resumed"]>,
  ): Promise<{ readonly loginId: Secret; readonly waiting: StartedLogin | undefined }> {
    const all = await this.#options.server.logins.waiting(this.#credentials, this.#call);
    if (resumed !== "newest") {
      const waiting = all.find(({ loginId }) => loginId.reveal() === resumed.id);
      return { loginId: waiting?.loginId ?? new Secret(resumed.id), waiting };
    }
    const [newest] = all;
    if (newest !== undefined) return { loginId: newest.loginId, waiting: newest };
    throw new TokenError("login_not_found", {
      message: { en: "No login waits for a person", zh: "没有等待授权的登录" },
      nextStep: { en: "{start_login}.", zh: "如需登录，{start_login}。" },
    });
  }

  /** What a program needs to show the link and to come back. */
  async #tellStart(started: StartedLogin): Promise<number> {
    const { platform, server, settingFlags, flags } = this.#options;
    const poller = await polledBy(server);
    if (poller === "nobody" && settingFlags.sandboxState !== undefined) this.#say(SANDBOX_ENDS);
    platform.stdout.write(`${
      JSON.stringify({
        login_id: started.loginId.reveal(),
        verification_url: started.verificationUrl,
        user_code: started.userCode,
        expires_at: toUnixSeconds(started.expiresAtMs),
        next_step: resumeCommand(started.loginId, settingFlags, flags.replaces),
        polled_by: poller,
      })
    }\n`);
    return 0;
  }

  /** @param waiting absent where the person may have agreed already: then there is no link to show. */
  async #waitFor(loginId: Secret, waiting: StartedLogin | undefined): Promise<number> {
    const { platform, stage: { stop, language }, target: { clock } } = this.#options;
    const times = { nowMs: clock.now(), timeZone: platform.timeZone };
    if (waiting !== undefined) await showLink(waiting, linkLines(waiting, times), platform, language);
    let expiresAtMs = waiting?.expiresAtMs;
    const tellResume = (): void => {
      this.#countDown.clear();
      const line = waitsOnLine(this.#resume(loginId), expiresAtMs, platform.timeZone);
      this.#say(line);
    };
    const toldAgain = stop.toldBy(tellResume);
    try {
      const settled = await waitForLogin({
        ask: () => this.#ask(loginId),
        pause: async (ms, pending) => {
          expiresAtMs = pending.expiresAtMs;
          await this.#countDown.wait(ms, pending.expiresAtMs, stop.signal);
        },
        onProblem: (problem) => {
          this.#countDown.clear();
          this.#say(this.#outcome.textOf(problem));
        },
      });
      this.#countDown.clear();
      return this.#outcome.tell(settled, this.#takeIt(loginId));
    } catch (error) {
      this.#countDown.clear();
      if (!(error instanceof TokenError) || !error.row.retryable) throw error;
      // The service gives up what it is waiting for when it is told to stop. The login itself goes on.
      stop.signal.throwIfAborted();
      tellResume();
      throw error;
    } finally {
      toldAgain();
    }
  }

  #ask(loginId: Secret): Promise<LoginProgress> {
    const { server: { logins }, flags: { replaces } } = this.#options;
    return logins.finish(this.#credentials, loginId, replaces ? { replace: true } : {}, this.#call);
  }

  #resume(loginId: Secret): string {
    const { settingFlags, flags } = this.#options;
    return resumeCommand(loginId, settingFlags, flags.replaces);
  }

  #takeIt(loginId: Secret): string {
    return resumeCommand(loginId, this.#options.settingFlags, true);
  }

  #say(line: Phrase): void {
    const { platform, stage: { language } } = this.#options;
    platform.stderr.write(`feishu-token-mcp: ${line[language]}\n`);
  }
}

/** Options of {@linkcode LoginDialogue}. */
export interface LoginDialogueOptions {
  /** What was asked for. */
  readonly flags: LoginFlags;
  /** Language, and the end by a signal. */
  readonly stage: Pick<WorkStage, "language" | "stop">;
  /** The terminal. */
  readonly platform: Platform;
  /** Settings that were given as flags, for the command that goes on. */
  readonly settingFlags: ConfigSources["flags"];
  /** The logins. */
  readonly server: Pick<ComposedServer, "logins" | "log" | "hasOtherProcesses">;
  /** The app, and the clock by which a login ends. */
  readonly target: Pick<FeishuTarget, "credentials" | "clock">;
}
