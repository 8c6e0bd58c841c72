import { ByteBudget, type HeldBytes } from "./byte_budget.ts";

/**
 * The memory of requests of one kind. Where there is no room left for a newcomer, the oldest body that has not arrived in
 * full is given up: an honest body is there in a moment, so what is oldest was most likely never meant to arrive, and
 * heads without bodies keep nobody out.
 */
export class BodyRoom {
  /** In the order in which they have begun, which is that of their deadlines. */
  readonly unfinished: Set<UnfinishedBody> = new Set();
  readonly #budget: ByteBudget;

  /** Has room for `bytes`. */
  constructor(bytes: number) {
    this.#budget = new ByteBudget(bytes);
  }

  /** The share of one request, which holds nothing yet. Has to be set to 0 at its end. */
  share(owner: string | undefined): HeldBytes {
    const share = this.#budget.share(owner);
    const held: HeldBytes = {
      owner,
      hold: (bytes) => {
        while (!share.hold(bytes)) {
          // One who holds as much as one may is not helped by what others give back.
          if (!this.#giveUpOldest(held, share.passesOwnerLimit(bytes))) return false;
        }
        return true;
      },
    };
    return held;
  }

  /** Gives up the oldest body, of the same owner if `isOwn`, and never that of `held` itself. Whether there was one. */
  #giveUpOldest(held: HeldBytes, isOwn: boolean): boolean {
    for (const body of this.unfinished) {
      if (body.held === held || isOwn && body.held.owner !== held.owner) continue;
      this.unfinished.delete(body);
      body.held.hold(0);
      body.giveUp("crowded_out");
      return true;
    }
    return false;
  }
}

/** A body that is not read to its end yet. */
export interface UnfinishedBody {
  /** Of its request. */
  readonly held: HeldBytes;
  /** When it is given up, by the monotonic clock, in milliseconds. */
  readonly untilMs: number;
  /** Ends the reading. */
  readonly giveUp: (why: "crowded_out" | "timed_out" | "stopping") => void;
}
