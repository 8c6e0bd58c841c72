import { defined } from "../defined.ts";
import { type Audience, ENGLISH } from "./audience.ts";
import { ERROR_TABLE, type ErrorCode, type ErrorRow } from "./error_table.ts";
import { type ErrorTexts, FEISHU_CODE_TEXTS } from "./feishu_code_texts.ts";
import { fillPlaceholders } from "./fill_placeholders.ts";
import type { Language, Phrase } from "./language.ts";

/** The next step where Feishu has named the page of its security check. */
const PASS_CHALLENGE: Phrase = {
  en: "Let the user open {challenge_url} and pass the check there; then repeat the same call.",
  zh: "请让用户打开 {challenge_url} 并完成验证，然后重试同一调用。",
};

/** A failure as every door shows it to programs, in seconds and snake_case. */
export interface ErrorReport {
  /** Stable. */
  readonly code: ErrorCode;
  /** Who has to act. */
  readonly kind: string;
  /** What happened: one clause without a period. */
  readonly message: string;
  /** What to do now, in sentences. */
  readonly next_step: string;
  /** Whole seconds until the same call may succeed, at least 1. */
  readonly retry_after_seconds?: number;
  /** Feishu's own code. */
  readonly feishu_code?: number;
  /** Feishu's `X-Tt-Logid`, for its support. */
  readonly feishu_log_id?: string;
  /** Page of Feishu's on which the person passes a security check. */
  readonly challenge_url?: string;
  /** Whole seconds left of the token that is available. */
  readonly expires_in?: number;
}

/**
 * An expected failure, named by a stable code. Its texts hold no secret: callers and logs may have them. `message` is
 * English, for the log.
 */
export class TokenError extends Error {
  /** Key in the table. */
  readonly code: ErrorCode;
  /** Facts of this occurrence. */
  readonly detail: TokenErrorDetail;

  /** Makes the failure that the table has under `code`. */
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

  /** The failure for programs, and for text by {@linkcode TokenError.sentence}. */
  report(audience: Audience = ENGLISH): ErrorReport {
    const { retryAfterMs, feishuCode, logId, challengeUrl, expiresInMs } = this.detail;
    const nextStep = this.detail.nextStep ?? textsOf(this.code, this.detail).nextStep;
    const retryAfterSeconds = retryAfterMs === undefined
      ? undefined
      : Math.max(1, Math.ceil(retryAfterMs / 1000));
    return {
      code: this.code,
      kind: this.row.kind,
      message: messageIn(audience.language, this.code, this.detail),
      next_step: fillPlaceholders(nextStep, { ...audience, retryAfterSeconds, challengeUrl }),
      ...defined({
        retry_after_seconds: retryAfterSeconds,
        feishu_code: feishuCode,
        feishu_log_id: logId,
        challenge_url: challengeUrl,
      }),
      ...(expiresInMs === undefined ? {} : { expires_in: Math.max(0, Math.floor(expiresInMs / 1000)) }),
    };
  }

  /** What happened and what to do now: text for people and models. */
  sentence(audience: Audience = ENGLISH): string {
    const { message, next_step } = this.report(audience);
    return audience.language === "zh" ? `${message}。${next_step}` : `${message}. ${next_step}`;
  }
}

/** Facts of one occurrence of a failure. The texts hold no secret. */
export interface TokenErrorDetail {
  /** Replaces the message of the tables where more is known. */
  readonly message?: Phrase;
  /** Added to the message after a colon. */
  readonly detail?: Phrase;
  /** Replaces the next step of the tables where there is a better one. May hold placeholders too. */
  readonly nextStep?: Phrase;
  /** Milliseconds until the same call may succeed. */
  readonly retryAfterMs?: number;
  /** Feishu's own code. */
  readonly feishuCode?: number;
  /** Feishu's `X-Tt-Logid`. */
  readonly logId?: string;
  /** Page of Feishu's on which the person passes a security check. For the caller: it may have a query. */
  readonly challengeUrl?: string;
  /** Milliseconds left of the token that is available. */
  readonly expiresInMs?: number;
  /** The error underneath, for the log only. */
  readonly cause?: unknown;
}

function messageIn(language: Language, code: ErrorCode, facts: TokenErrorDetail): string {
  const { message: own, detail } = facts;
  const message = (own ?? textsOf(code, facts).message)[language];
  if (detail === undefined) return message;
  return language === "zh" ? `${message}：${detail.zh}` : `${message}: ${detail.en}`;
}

function textsOf(code: ErrorCode, { feishuCode, challengeUrl }: TokenErrorDetail): ErrorTexts {
  const ofFeishuCode = feishuCode === undefined ? undefined : FEISHU_CODE_TEXTS[code]?.[feishuCode];
  if (ofFeishuCode !== undefined) return ofFeishuCode;
  const row = ERROR_TABLE[code];
  const hasPage = code === "authorization_required" && challengeUrl !== undefined;
  return hasPage ? { message: row.message, nextStep: PASS_CHALLENGE } : row;
}
