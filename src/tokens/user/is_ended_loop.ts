import type { TokenRecord } from "../../ports/store.ts";
import { SERVE_FLOOR_MS } from "../renewal/remaining_ms.ts";

/**
 * Whether `record` came of the refresh token `presentedFp`, holds that very token again, and its access token works no more
 * at `nowMs`: then it counts as absent. Feishu's refresh tokens work once, and OAuth allows others too (RFC 6749, section 6).
 */
export function isEndedLoop({ fp, token }: TokenRecord, presentedFp: string, nowMs: number): boolean {
  return fp === presentedFp && token.expiresAtMs - nowMs < SERVE_FLOOR_MS;
}
