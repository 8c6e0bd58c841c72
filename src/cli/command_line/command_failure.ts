import type { Platform } from "../../platform.ts";
import type { Audience } from "../../errors/audience.ts";
import { errorClass } from "../../errors/error_class.ts";
import { ERROR_TABLE, type ErrorCode } from "../../errors/error_table.ts";
import { joinPhrases } from "../../errors/join_phrases.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import type { StartError } from "../../errors/start_error.ts";
import { type ErrorReport, TokenError } from "../../errors/token_error.ts";
import { verbatim } from "../../errors/verbatim.ts";
import { inBrackets } from "./in_brackets.ts";
import { inShownCommands } from "./shown_command.ts";
import { EXIT_CODES } from "./exit_codes.ts";

const CORRECT_IT: Phrase = {
  en: "Correct the command line or the settings; `feishu-token-mcp --help` lists both.",
  zh: "请更正命令行或设置；`feishu-token-mcp --help` 会列出两者。",
};

const FIX_IT: Phrase = {
  en: "Fix this first; `feishu-token-mcp doctor` checks everything that a start needs.",
  zh: "请先解决此问题；`feishu-token-mcp doctor` 可逐项检查启动所需的条件。",
};

const RUN_IT_AGAIN: Phrase = {
  en: "Run the command again with --log-level debug, and report its output.",
  zh: "请加 --log-level debug 重新运行该命令，并反馈其输出。",
};

/** How a command that failed ends. */
export interface CommandFailure {
  /** One of {@linkcode EXIT_CODES}. */
  readonly exitCode: number;
  /** For people: one for each problem, without the program's name. */
  readonly lines: readonly string[];
  /** For scripts: the object that every door shows. */
  readonly report: ErrorReport;
}

/** Ends a command with a failure that is already described. */
export class FailedCommand extends Error {
  /** Description. */
  readonly failure: CommandFailure;

  /** Makes the error. */
  constructor(failure: CommandFailure) {
    super(failure.report.message);
    this.name = "FailedCommand";
    this.failure = failure;
  }
}

/** The failure for a command line or settings that cannot be read. */
export function usageFailure(problems: readonly Phrase[], language: Language): CommandFailure {
  return {
    exitCode: EXIT_CODES.input,
    lines: problems.map((problem) => problem[language]),
    report: {
      code: "input_invalid",
      kind: "input",
      message: joinPhrases(problems)[language],
      next_step: CORRECT_IT[language],
    },
  };
}

/** The failure for an error that kept the work from starting. The error's own text says what to do. */
export function startFailure(error: StartError, code: ErrorCode, language: Language): CommandFailure {
  const { kind } = ERROR_TABLE[code];
  const message = error.textIn(language);
  return {
    exitCode: EXIT_CODES[kind],
    lines: [message],
    report: { code, kind, message, next_step: FIX_IT[language] },
  };
}

/** The failure for an error of the work itself, in the words of the command line. */
export function workFailure(error: TokenError, audience: Audience): CommandFailure {
  const reader: Audience = { ...audience, door: "cli" };
  const facts = inBrackets(error.detail, verbatim(error.code));
  return {
    exitCode: EXIT_CODES[error.row.kind],
    lines: [error.sentence(reader) + facts[audience.language]],
    report: error.report(reader),
  };
}

/** The failure for an unexpected error. Its text may quote a secret, so that only its class is shown. */
export function unexpectedFailure(error: unknown, audience: Audience): CommandFailure {
  return workFailure(
    new TokenError("internal_error", {
      detail: verbatim(errorClass(error)),
      nextStep: RUN_IT_AGAIN,
      cause: error,
    }),
    audience,
  );
}

/**
 * Writes `failure` to standard error: its lines, or its object as one line of JSON. Commands in it are shown as a person
 * types them here.
 *
 * @param place as in {@linkcode inShownCommands}.
 * @returns the exit code.
 */
export function tellFailure(
  platform: Platform,
  failure: CommandFailure,
  asJson: boolean,
  place: readonly string[] = [],
): number {
  const { report, lines, exitCode } = failure;
  if (asJson) {
    const message = inShownCommands(report.message, place);
    const next_step = inShownCommands(report.next_step, place);
    platform.stderr.write(`${JSON.stringify({ ...report, message, next_step })}\n`);
  } else {
    for (const line of lines) platform.stderr.write(`feishu-token-mcp: ${inShownCommands(line, place)}\n`);
  }
  return exitCode;
}
