import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { Lease } from "../../ports/store.ts";
import { SPENDING_LIMITS } from "./limits.ts";
import { newNonce } from "./new_nonce.ts";

/** Owner of the lease of a hold-off: no machine or process has this id. */
const NOBODY = "nobody";

/**
 * A lease of nobody, which lasts its whole life. A store that went back has lost its leases too. A process that presented
 * `fp` under a lost lease gets the time to write its pair, and the outcome of its presentation counts as unknown.
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
