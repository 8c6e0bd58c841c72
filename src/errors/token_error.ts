import { defined } from "../defined.ts";
import { type Audience, ENGLISH } from "./audience.ts";
import { ERROR_TABLE, type ErrorCode, type ErrorRow } from "./error_table.ts";
import { fillPlaceholders } from "./fill_placeholders.ts";
import type { Language, Phrase } from "./language.ts";

/** What is particular to one occurrence of a failure. */
export interface TokenErrorDetail {
  /** Replaces the table's message where more is known; never a secret. */
  readonly message?: Phrase;
  /** Added to the message after a colon; never a secret. */
  readonly detail?: Phrase;
  /** Replaces the table's next step where the case allows a better one; with placeholders as there. */
  readonly nextStep?: Phrase;
  /** When the same call may succeed, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** Feishu's own code. */
  readonly feishuCode?: number;
  /** Feishu's `X-Tt-Logid`. */
  readonly logId?: string;
  /** What is left of the token that could be had, in milliseconds. */
  readonly expiresInMs?: number;
  /** The error underneath, for the log alone. */
  readonly cause?: unknown;
}

/** The shape in which every door shows a failure. Seconds, snake_case: it is what scripts read. */
export interface ErrorReport {
  /** Stable, snake_case. */
  readonly code: ErrorCode;
  /** Who has to act. */
  readonly kind: string;
  /** One sentence: what happened. */
  readonly message: string;
  /** One sentence: what to do now. */
  readonly next_step: string;
  /** When the same call may succeed, whole seconds, at least 1. */
  readonly retry_after_seconds?: number;
  /** Feishu's own code. */
  readonly feishu_code?: number;
  /** Feishu's `X-Tt-Logid`, for its support. */
  readonly feishu_log_id?: string;
  /** Whole seconds left of the token that could be had. */
  readonly expires_in?: number;
}

/**
 * An expected failure, named by a stable code. What it says is safe to show to a caller and to write into a log. Its
 * `message` is English, for the log; whoever shows it to people asks for their language.
 */
export class TokenError extends Error {
  /** The stable code. */
  readonly code: ErrorCode;
  /** What is particular to this occurrence. */
  readonly detail: TokenErrorDetail;

  /** Makes the failure `code` of the table. */
  constructor(code: ErrorCode, detail: TokenErrorDetail = {}) {
    super(messageIn("en", code, detail), { cause: detail.cause });
    this.name = "TokenError";
    this.code = code;
    this.detail = detail;
  }

  /** The table's row of this failure. */
  get row(): ErrorRow {
    return ERROR_TABLE[this.code];
  }

  /** What happened, in one clause. */
  get problem(): Phrase {
    const { code, detail } = this;
    return { en: messageIn("en", code, detail), zh: messageIn("zh", code, detail) };
  }

  /** What every door shows. */
  report(audience: Audience = ENGLISH): ErrorReport {
    const { retryAfterMs, feishuCode, logId, expiresInMs, nextStep = this.row.nextStep } = this.detail;
    const retryAfterSeconds = retryAfterMs === undefined
      ? undefined
      : Math.max(1, Math.ceil(retryAfterMs / 1000));
    return {
      code: this.code,
      kind: this.row.kind,
      message: messageIn(audience.language, this.code, this.detail),
      next_step: fillPlaceholders(nextStep, { ...audience, retryAfterSeconds }),
      ...defined({
        retry_after_seconds: retryAfterSeconds,
        feishu_code: feishuCode,
        feishu_log_id: logId,
      }),
      ...(expiresInMs === undefined ? {} : { expires_in: Math.max(0, Math.floor(expiresInMs / 1000)) }),
    };
  }

  /** What happened and what to do now, as text for people and models. */
  sentence(audience: Audience = ENGLISH): string {
    const { message, next_step } = this.report(audience);
    return audience.language === "zh" ? `${message}。${next_step}` : `${message}. ${next_step}`;
  }
}

function messageIn(language: Language, code: ErrorCode, { message: own, detail }: TokenErrorDetail): string {
  const message = (own ?? ERROR_TABLE[code].message)[language];
  if (detail === undefined) return message;
  return language === "zh" ? `${message}：${detail.zh}` : `${message}: ${detail.en}`;
}
