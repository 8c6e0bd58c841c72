import type { TokenRecord } from "../../ports/store.ts";
import { SERVE_FLOOR_MS } from "../renewal/remaining_ms.ts";

/**
 * Whether the record of the refresh token `presentedFp` holds that same token again, and its access token has ended at
 * `nowMs`. Such a record counts as absent, so that the token is presented again. Feishu's refresh tokens work once, but
 * OAuth allows others (RFC 6749, section 6).
 */
export function isEndedLoop({ fp, token }: TokenRecord, presentedFp: string, nowMs: number): boolean {
  return fp === presentedFp && token.expiresAtMs - nowMs < SERVE_FLOOR_MS;
}
