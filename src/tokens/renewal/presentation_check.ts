import type { Clock } from "../../ports/clock.ts";
import type { DurablePairs, RecordView } from "./durable_pairs.ts";
import type { Claim, Leases } from "./leases.ts";
import type { RenewalStrategy } from "./renewal_strategy.ts";

/**
 * After so long, in milliseconds, a look at the store is repeated before the token is presented. In less nobody presents the
 * token, stores what came of it, and removes the journal file.
 */
const LOOK_LASTS_MS = 250;

/** Step 5 of the renewal: what a claim cannot check, looked at between the claim and the presentation. */
export class PresentationCheck {
  readonly #options: PresentationCheckOptions;

  /** For one process. */
  constructor(options: PresentationCheckOptions) {
    this.#options = options;
  }

  /**
   * Last check before presenting. Returns a reason not to: another process journaled an answer after `look`, the read under
   * which the token was claimed (and died, or the store lost it), or the store was replaced meanwhile. The caller must then
   * read the record again.
   *
   * @param hasLooked whether `look` was itself made under a claim of the same flight. It counts as this check; repeating it
   * each time would let a slow disk make every claim too late.
   * @throws TokenError `store_unavailable` or `store_unreadable` when journal or store cannot be read.
   */
  async take(
    strategy: RenewalStrategy,
    claim: Claim,
    look: RecordView,
    hasLooked: boolean,
  ): Promise<CheckResult> {
    const { pairs, leases, clock } = this.#options;
    const { lease, version } = claim;
    // An answer may have been journaled, stored and removed from the journal since `look`: another process of this machine
    // does that for a dead owner; or the owner itself, where the claim went through only since the store was emptied after
    // `look`. The journal no longer shows it then, the store does.
    const isOld = clock.monotonic() - look.readAtMs > LOOK_LASTS_MS;
    const claimed = strategy.spends && (lease.unknown || isOld) ? version : null;
    if (!hasLooked && await pairs.knowsBeyond(strategy, look, claimed)) return "more";
    if (!hasLooked && this.mustHoldOff(strategy, lease.unknown)) {
      await leases.holdOff(strategy, { ...look, lease: { value: lease, version } }, lease.fp);
      return "more";
    }
    return leases.inTime(claim, strategy) ? "nothing" : "too late";
  }

  /** Whether leases of others may be lost with what the store held, and nobody has waited for them yet. */
  mustHoldOff(strategy: RenewalStrategy, isUnknown: boolean): boolean {
    return strategy.spends && !isUnknown && this.#options.pairs.storeWentBack();
  }
}

/** What {@linkcode PresentationCheck} needs. */
export interface PresentationCheckOptions {
  /** Knows what is kept, and whether the store went back. */
  readonly pairs: DurablePairs;
  /** Decides who may present. */
  readonly leases: Leases;
  /** Tells how old a look is. */
  readonly clock: Clock;
}

/**
 * `more`: what came of an earlier presentation, or a store that has lost who presents. `too late`: too little is left of
 * the claim, under which nothing was presented; it may be claimed over.
 */
export type CheckResult = "nothing" | "more" | "too late";
