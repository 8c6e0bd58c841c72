import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { Lease } from "../../ports/store.ts";
import { SPENDING_LIMITS } from "./limits.ts";
import { newNonce } from "./new_nonce.ts";

/** Owns the lease of a hold-off: no machine and no process is called so. */
const NOBODY = "nobody";

/**
 * A lease of nobody, for its whole life. A store that went back has lost its leases too: whoever presented `fp` under
 * one of them gets the time to write what came of it, and the outcome counts as unknown.
 */
export function holdOffLease(
  fp: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Lease {
  return {
    nonce: newNonce(random),
    machine: NOBODY,
    process: NOBODY,
    fp,
    lifeMs: SPENDING_LIMITS.lifeMs,
    issuedAtMs: clock.now(),
    unknown: true,
  };
}
