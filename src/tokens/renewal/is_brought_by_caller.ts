import type { RenewalStrategy } from "./renewal_strategy.ts";

/**
 * Whether the caller has sent the credentials with the call. Such a caller is told what Feishu answers, and the HTTP server
 * counts it; a log line for each would let a caller fill the disk with made-up credentials.
 */
export function isBroughtByCaller({ name }: RenewalStrategy): boolean {
  return name.credentials.isBrought === true;
}
