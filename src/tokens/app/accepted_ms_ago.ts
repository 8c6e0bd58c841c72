import type { TokenRecord } from "../../ports/store.ts";
import { issuedMsAgo } from "../renewal/issued_ms_ago.ts";

/**
 * How long before `nowMs` (Unix milliseconds) Feishu accepted the secret `secretFp` for `record`; `undefined` where the
 * record was got with another secret.
 */
export function acceptedMsAgo(
  record: TokenRecord | null | undefined,
  secretFp: string,
  nowMs: number,
): number | undefined {
  return record?.secretFp === secretFp ? issuedMsAgo(record, nowMs) : undefined;
}
