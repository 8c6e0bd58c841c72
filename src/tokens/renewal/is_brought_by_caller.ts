import type { RenewalStrategy } from "./renewal_strategy.ts";

/**
 * Whether a caller has brought the credentials: what Feishu says of them is told to him, and counted at the door. A line each
 * would fill the disk with whatever he makes up.
 */
export function isBroughtByCaller({ name }: RenewalStrategy): boolean {
  return name.credentials.isBrought === true;
}
