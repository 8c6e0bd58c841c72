import { type BudgetShare, ByteBudget, type HeldBytes } from "./byte_budget.ts";

/**
 * The memory of all requests of one kind. Where a new request finds no room, the oldest incomplete body is given up:
 * an honest body arrives in a moment, so the oldest one was most likely never meant to. Requests that send no body
 * therefore keep nobody out.
 */
export class BodyRoom {
  /** In the order of their beginnings, which is that of their deadlines. */
  readonly unfinished: Set<UnfinishedBody> = new Set();
  readonly #budget: ByteBudget;

  /** Has room for `bytes`, for all requests together. */
  constructor(bytes: number) {
    this.#budget = new ByteBudget(bytes);
  }

  /** Makes the share of one request, which holds nothing yet and must be set to 0 at the end. */
  share(owner: string | undefined): HeldBytes {
    return new ShareOfRoom(this, this.#budget.share(owner));
  }

  /** Gives up the oldest body but that of `held`, of the same owner if `isOwn`. Returns whether there was one. */
  giveUpOldest(held: HeldBytes, isOwn: boolean): boolean {
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

/** A share as {@linkcode BodyRoom} makes it. */
class ShareOfRoom implements HeldBytes {
  readonly #room: BodyRoom;
  readonly #share: BudgetShare;

  constructor(room: BodyRoom, share: BudgetShare) {
    this.#room = room;
    this.#share = share;
  }

  get owner(): string | undefined {
    return this.#share.owner;
  }

  hold(bytes: number): boolean {
    while (!this.#share.hold(bytes)) {
      // At the limit of one owner, only that owner's bodies make room.
      if (!this.#room.giveUpOldest(this, this.#share.passesOwnerLimit(bytes))) return false;
    }
    return true;
  }
}

/** A body that is still incomplete. */
export interface UnfinishedBody {
  /** The share of its request. */
  readonly held: HeldBytes;
  /** Its deadline by the monotonic clock, in milliseconds. */
  readonly untilMs: number;
  /** Ends the reading. */
  readonly giveUp: (why: "crowded_out" | "timed_out" | "stopping") => void;
}
