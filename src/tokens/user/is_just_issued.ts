import type { TokenRecord } from "../../ports/store.ts";
import { CLOCK_SLACK_MS } from "../renewal/remaining_ms.ts";
import { UNCHANGED_MEMORY_MS } from "../app/is_reissued_just_now.ts";
import { issuedMsAgo } from "../renewal/issued_ms_ago.ts";

/** Whether Feishu issued the token of `record` less than a minute before `nowMs`, by the times in the record. */
export function isJustIssued(record: TokenRecord, nowMs: number): boolean {
  const agoMs = issuedMsAgo(record, nowMs);
  return agoMs > -CLOCK_SLACK_MS && agoMs < UNCHANGED_MEMORY_MS;
}
