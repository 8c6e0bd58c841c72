import { defined } from "../../defined.ts";
import { TokenError } from "../../errors/token_error.ts";

/** When a caller is told to ask again, in milliseconds. Most renewals end sooner. */
export const RENEWAL_COME_BACK_MS = 5_000;

/**
 * The failure of a caller whose wait has ended before the renewal has.
 *
 * @param lastFailure of the renewal's last attempt, if this process knows it.
 */
export function renewalInProgress(lastFailure?: TokenError, cause?: unknown): TokenError {
  if (lastFailure === undefined) {
    return new TokenError("renewal_in_progress", { retryAfterMs: RENEWAL_COME_BACK_MS, cause });
  }
  const { en, zh } = lastFailure.problem;
  const { feishuCode, logId, challengeUrl } = lastFailure.detail;
  return new TokenError("renewal_in_progress", {
    detail: { en: `the last attempt ended so: ${en}`, zh: `上一次尝试的结果：${zh}` },
    retryAfterMs: RENEWAL_COME_BACK_MS,
    ...defined({ feishuCode, logId, challengeUrl }),
    cause,
  });
}
