import type { Keeper } from "./keeper.ts";
import type { Claim, Leases } from "./leases.ts";
import type { RenewalJob } from "./renewal_job.ts";

/** What {@linkcode LastLook} needs. */
export interface LastLookOptions {
  /** Knows what is kept, and whether the store went back. */
  readonly keeper: Keeper;
  /** Decides who may present. */
  readonly leases: Leases;
}

/** Step 5 of the renewal: what a claim cannot check, looked at between the claim and the presentation. */
export class LastLook {
  readonly #options: LastLookOptions;

  /** For one process. */
  constructor(options: LastLookOptions) {
    this.#options = options;
  }

  /**
   * Whether the token may be presented under `claim`; if not, the record is to be looked at anew. Somebody of this machine
   * may have journaled an answer since the look under which it was claimed: before it died, or before the store lost what
   * it held. Or the store went back only then. And the claim may have come too late: then it is claimed over.
   *
   * @param held the claim that was claimed over, if it is one of the same flight. Then the look between the two was a last
   * one already: were there another each time, a slow disk would keep the flight from ever being in time.
   * @throws TokenError `store_unavailable` or `store_unreadable` when the journal cannot be read.
   */
  async allows(job: RenewalJob, claim: Claim, held: Claim | null): Promise<boolean> {
    const { keeper, leases } = this.#options;
    const { snapshot, lease, version } = claim;
    const hasLooked = held !== null && held.lease.nonce === snapshot.lease.value?.nonce;
    if (!hasLooked && await keeper.knowsBeyond(job, snapshot)) return false;
    if (held === null && this.mustHoldOff(job, lease.unknown)) {
      await leases.holdOff(job, { ...snapshot, lease: { value: lease, version } }, lease.fp);
      return false;
    }
    return leases.inTime(claim, job);
  }

  /** Whether leases of others may be lost with what the store held, and nobody has waited for them yet. */
  mustHoldOff(job: RenewalJob, isUnknown: boolean): boolean {
    return job.spends && !isUnknown && this.#options.keeper.storeWentBack();
  }
}
