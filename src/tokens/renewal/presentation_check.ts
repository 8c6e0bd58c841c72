import type { Clock } from "../../ports/clock.ts";
import type { DurablePairs, RecordView } from "./durable_pairs.ts";
import type { Claim, Leases } from "./leases.ts";
import type { RenewalStrategy } from "./renewal_strategy.ts";

/**
 * A view older than this, in milliseconds, is checked against the store again before the token is presented. In less time
 * no other process can present the token, store the pair and remove the journal file.
 */
const VIEW_LASTS_MS = 250;

/** State Check of the renewal: between the claim and the presentation, checks what the claim's atomic cannot. */
export class PresentationCheck {
  readonly #options: PresentationCheckOptions;

  /** For one process. */
  constructor(options: PresentationCheckOptions) {
    this.#options = options;
  }

  /**
   * Looks for a reason not to present. After `view`, under which the token was claimed, another process of this machine may
   * have journaled an answer (and died, or the store lost it), or the store may have been replaced.
   *
   * @param isReadUnderClaim whether `view` was itself read under a claim of the same flight. That read counts as this check:
   * repeating the check each time would let a slow disk make every claim too late.
   * @throws TokenError `store_unavailable` or `store_unreadable` when journal or store cannot be read.
   */
  async run(
    strategy: RenewalStrategy,
    claim: Claim,
    view: RecordView,
    isReadUnderClaim: boolean,
  ): Promise<CheckResult> {
    const { pairs, leases, clock } = this.#options;
    const { lease, version } = claim;
    // A pair may have moved from the journal into the store since `view`, so that the journal no longer shows it. Another
    // process of this machine moves it for a dead owner; or the owner moves it, and our claim went through because the
    // store was emptied after `view`.
    const isOld = clock.monotonic() - view.readAtMs > VIEW_LASTS_MS;
    const claimed = strategy.spends && (lease.unknown || isOld) ? version : null;
    if (!isReadUnderClaim && await pairs.knowsBeyond(strategy, view, claimed)) return "read again";
    if (!isReadUnderClaim && this.mustHoldOff(strategy, lease.unknown)) {
      await leases.holdOff(strategy, { ...view, lease: { value: lease, version } }, lease.fp);
      return "read again";
    }
    return leases.inTime(claim, strategy) ? "clear" : "too late";
  }

  /** Whether the store may have lost leases of other processes, and nobody has waited for those yet. */
  mustHoldOff(strategy: RenewalStrategy, isUnknown: boolean): boolean {
    return strategy.spends && !isUnknown && this.#options.pairs.storeWentBack();
  }
}

/** What {@linkcode PresentationCheck} needs. */
export interface PresentationCheckOptions {
  /** Tells what this machine knows, and whether the store went back. */
  readonly pairs: DurablePairs;
  /** Decides who may present. */
  readonly leases: Leases;
  /** Tells how old a view is. */
  readonly clock: Clock;
}

/**
 * `clear`: the token may be presented. `read again`: the pair of an earlier presentation was found, or the store has lost
 * its leases. `too late`: too little is left of the lease; nothing was presented, so the flight may claim over it.
 */
export type CheckResult = "clear" | "read again" | "too late";
