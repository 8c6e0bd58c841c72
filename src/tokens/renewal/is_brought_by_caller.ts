import type { RenewalStrategy } from "./renewal_strategy.ts";

/**
 * Whether the caller has sent the credentials with the call. Failures with such credentials are logged at level `debug`: the
 * caller is told of them, equal refusals are counted in one line of their calls, and made-up credentials must not fill the
 * disk.
 */
export function isBroughtByCaller({ name }: RenewalStrategy): boolean {
  return name.credentials.isBrought === true;
}
