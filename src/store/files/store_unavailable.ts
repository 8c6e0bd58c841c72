import { defined } from "../../defined.ts";
import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";

/** When a caller may try again, in milliseconds: most failures of a store are over in a moment. */
const STORE_RETRY_AFTER_MS = 1_000;

/** A `store_unavailable` that says when to try again. `detail` must hold no secret. */
export function storeUnavailable(detail?: Phrase, cause?: unknown): TokenError {
  return new TokenError("store_unavailable", {
    ...defined({ detail }),
    retryAfterMs: STORE_RETRY_AFTER_MS,
    cause,
  });
}
