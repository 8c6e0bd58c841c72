import { TokenError } from "../errors/token_error.ts";

/** When a caller may ask again, in milliseconds: most renewals end sooner. */
export const COME_BACK_MS = 5_000;

/** Somebody is at it, and the wait for it has ended. */
export function renewalInProgress(cause?: unknown): TokenError {
  return new TokenError("renewal_in_progress", { retryAfterMs: COME_BACK_MS, cause });
}
