import { ERROR_TABLE, type ErrorCode, type ErrorRow } from "./error_table.ts";

/** What is particular to one occurrence of a failure. */
export interface TokenErrorDetail {
  /** Added to the table's message after a colon; never a secret. */
  readonly detail?: string;
  /** Replaces the table's next step where the case allows a better one. */
  readonly nextStep?: string;
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

/** An expected failure, named by a stable code. What it says is safe to show to a caller and to write into a log. */
export class TokenError extends Error {
  /** The stable code. */
  readonly code: ErrorCode;
  /** What is particular to this occurrence. */
  readonly detail: TokenErrorDetail;

  /** Makes the failure `code` of the table. */
  constructor(code: ErrorCode, detail: TokenErrorDetail = {}) {
    const row = ERROR_TABLE[code];
    super(detail.detail === undefined ? row.message : `${row.message}: ${detail.detail}`, {
      cause: detail.cause,
    });
    this.name = "TokenError";
    this.code = code;
    this.detail = detail;
  }

  /** The table's row of this failure. */
  get row(): ErrorRow {
    return ERROR_TABLE[this.code];
  }

  /** What every door shows. */
  report(): ErrorReport {
    const { retryAfterMs, feishuCode, logId, expiresInMs, nextStep } = this.detail;
    return {
      code: this.code,
      kind: this.row.kind,
      message: this.message,
      next_step: nextStep ?? this.row.nextStep,
      ...(retryAfterMs === undefined
        ? {}
        : { retry_after_seconds: Math.max(1, Math.ceil(retryAfterMs / 1000)) }),
      ...(feishuCode === undefined ? {} : { feishu_code: feishuCode }),
      ...(logId === undefined ? {} : { feishu_log_id: logId }),
      ...(expiresInMs === undefined ? {} : { expires_in: Math.max(0, Math.floor(expiresInMs / 1000)) }),
    };
  }
}
