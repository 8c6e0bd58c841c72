import type { TokenRecord } from "../ports/store.ts";
import { UNCHANGED_MEMORY_MS } from "./constants.ts";

/**
 * Whether Feishu, asked for another token less than a minute before `nowMs`, has handed out the very same: then it is not
 * asked again, by whichever process. The time is that of the record itself, by the clock of the process that asked.
 */
export function isJustUnchanged({ unchanged = false, token }: TokenRecord, nowMs: number): boolean {
  const askedMsAgo = nowMs - (token.expiresAtMs - token.lifetimeMs);
  return unchanged && askedMsAgo >= 0 && askedMsAgo < UNCHANGED_MEMORY_MS;
}
