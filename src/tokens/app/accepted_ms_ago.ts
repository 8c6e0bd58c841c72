import type { TokenRecord } from "../../ports/store.ts";
import { issuedMsAgo } from "../renewal/issued_ms_ago.ts";

/**
 * How long before `nowMs` (Unix milliseconds) Feishu has accepted the secret `secretFp` for `record`; `undefined` where that
 * was got with another one.
 */
export function acceptedMsAgo(
  record: TokenRecord | null | undefined,
  secretFp: string,
  nowMs: number,
): number | undefined {
  return record?.secretFp === secretFp ? issuedMsAgo(record, nowMs) : undefined;
}
