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

/**
 * `more`: what came of an earlier presentation, or a store that has lost who presents. `too late`: too little is left of
 * the claim, under which nothing was presented; it may be claimed over.
 */
export type Found = "nothing" | "more" | "too late";

/** Step 5 of the renewal: what a claim cannot check, looked at between the claim and the presentation. */
export class LastLook {
  readonly #options: LastLookOptions;

  /** For one process. */
  constructor(options: LastLookOptions) {
    this.#options = options;
  }

  /**
   * What there is against presenting the token under `claim`; if anything, the record is to be looked at anew. Somebody of
   * this machine may have journaled an answer since the look under which it was claimed: before it died, or before the
   * store lost what it held. Or the store went back only then.
   *
   * @param hasLooked whether that look was under a claim of the same flight already. Then it was a last one: were there
   * another each time, a slow disk would keep the flight from ever being in time.
   * @throws TokenError `store_unavailable` or `store_unreadable` when journal or store cannot be read.
   */
  async take(job: RenewalJob, claim: Claim, hasLooked: boolean): Promise<Found> {
    const { keeper, leases } = this.#options;
    const { snapshot, lease, version } = claim;
    // Who takes over does not know what became of the pair that the owner may have noted: somebody else of the machine may
    // have stored it since the claim, and removed the journal file.
    const claimed = job.spends && lease.unknown ? version : null;
    if (!hasLooked && await keeper.knowsBeyond(job, snapshot, claimed)) return "more";
    if (!hasLooked && this.mustHoldOff(job, lease.unknown)) {
      await leases.holdOff(job, { ...snapshot, lease: { value: lease, version } }, lease.fp);
      return "more";
    }
    return leases.inTime(claim, job) ? "nothing" : "too late";
  }

  /** Whether leases of others may be lost with what the store held, and nobody has waited for them yet. */
  mustHoldOff(job: RenewalJob, isUnknown: boolean): boolean {
    return job.spends && !isUnknown && this.#options.keeper.storeWentBack();
  }
}
