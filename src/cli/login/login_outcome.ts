import type { Audience } from "../../errors/audience.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { Phrase } from "../../errors/language.ts";
import type { TokenError } from "../../errors/token_error.ts";
import type { Platform } from "../../platform.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LoginProgress } from "../../ports/logins.ts";
import { EXIT_CODES } from "../command_line/exit_codes.ts";
import { progressReport } from "./progress_report.ts";
import { doneLines, narrowerLines, pendingLine } from "./progress_text.ts";

/** What `sysexits.h` names EX_TEMPFAIL: asked too early, ask again. */
const EXIT_PENDING = 75;

/** Tells how a login stands: to people, or to programs as one JSON object on standard output. */
export class LoginOutcome {
  readonly #options: LoginOutcomeOptions;

  /** Tells nothing yet. */
  constructor(options: LoginOutcomeOptions) {
    this.#options = options;
  }

  /**
   * Tells `progress`.
   *
   * @param takeIt the command that takes a login with fewer permissions; absent where there is none.
   * @returns the exit code: only a login that is kept is a success.
   */
  tell(progress: LoginProgress, takeIt?: string): number {
    const { platform, clock, audience, asJson } = this.#options;
    const times = { nowMs: clock.now(), timeZone: platform.timeZone };
    if (asJson) platform.stdout.write(`${JSON.stringify(progressReport(progress, audience))}\n`);
    switch (progress.kind) {
      case "done":
        if (!asJson) {
          for (const line of doneLines(progress, times)) {
            platform.stdout.write(`${line[audience.language]}\n`);
          }
          if (progress.warning !== undefined) this.#say(this.textOf(progress.warning));
        }
        return 0;
      case "narrower":
        if (!asJson) { for (const line of narrowerLines(progress, takeIt, times.timeZone)) this.#say(line); }
        return EXIT_CODES.login;
      case "pending":
        if (!asJson) this.#say(pendingLine(progress, times));
        return EXIT_PENDING;
    }
  }

  /** What happened and what to do now. */
  textOf(problem: TokenError): Phrase {
    return verbatim(problem.sentence(this.#options.audience));
  }

  #say(line: Phrase): void {
    const { platform, audience } = this.#options;
    platform.stderr.write(`feishu-token-mcp: ${line[audience.language]}\n`);
  }
}

/** Options of {@linkcode LoginOutcome}. */
export interface LoginOutcomeOptions {
  /** Streams and time zone. */
  readonly platform: Pick<Platform, "stdout" | "stderr" | "timeZone">;
  /** By which times from now are told. */
  readonly clock: Pick<Clock, "now">;
  /** Language, brand and door. */
  readonly audience: Audience;
  /** Whether programs read it. */
  readonly asJson: boolean;
}
