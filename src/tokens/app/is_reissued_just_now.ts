import type { TokenRecord } from "../../ports/store.ts";
import { issuedMsAgo } from "../renewal/issued_ms_ago.ts";

/** Feishu is not asked again for this long about a token that it has just issued once more. */
export const UNCHANGED_MEMORY_MS = 60_000;

/**
 * Whether Feishu was asked for another token less than a minute before `nowMs` and returned the same one. No process asks
 * again then. The time is the record's own, by the clock of the process that asked.
 */
export function isReissuedJustNow(record: TokenRecord, nowMs: number): boolean {
  const askedMsAgo = issuedMsAgo(record, nowMs);
  return record.unchanged === true && askedMsAgo >= 0 && askedMsAgo < UNCHANGED_MEMORY_MS;
}
