import { defined } from "../../defined.ts";
import { TokenError } from "../../errors/token_error.ts";

/** When a caller may ask again, in milliseconds: most renewals end sooner. */
export const RENEWAL_COME_BACK_MS = 5_000;

/**
 * Somebody is at it, and the wait for it has ended.
 *
 * @param met what the last attempt met, as far as this process knows.
 */
export function renewalInProgress(met?: TokenError, cause?: unknown): TokenError {
  if (met === undefined) {
    return new TokenError("renewal_in_progress", { retryAfterMs: RENEWAL_COME_BACK_MS, cause });
  }
  const { en, zh } = met.problem;
  const { feishuCode, logId } = met.detail;
  return new TokenError("renewal_in_progress", {
    detail: { en: `the last attempt ended so: ${en}`, zh: `上一次尝试的结果：${zh}` },
    retryAfterMs: RENEWAL_COME_BACK_MS,
    ...defined({ feishuCode, logId }),
    cause,
  });
}
