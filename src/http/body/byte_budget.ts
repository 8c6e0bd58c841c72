/** Bounds the bytes that all requests together, and those of one owner, hold in memory. */
export class ByteBudget {
  #leftBytes: number;
  readonly #ownerLimitBytes: number;
  /** The bytes held, by owner. */
  readonly #ownerBytes = new Map<string, number>();
  /** The owner that was the last to hold nothing any more. */
  #idleOwner: string | undefined;

  /** Has `bytes` for all. One owner gets at most half of them, so that no single one keeps the others out. */
  constructor(bytes: number) {
    this.#leftBytes = bytes;
    this.#ownerLimitBytes = bytes / 2;
  }

  /** The number of owners that are counted. */
  get owners(): number {
    return this.#ownerBytes.size;
  }

  /** Makes the share of one request, which holds nothing yet and must be set to 0 at the end. */
  share(owner?: string): BudgetShare {
    return new ShareOfBudget(this, owner);
  }

  /** Whether `moreBytes` for `owner` would pass the limit of one owner. */
  passesOwnerLimit(owner: string | undefined, moreBytes: number): boolean {
    return owner !== undefined && moreBytes > 0 && this.#bytesOf(owner) + moreBytes > this.#ownerLimitBytes;
  }

  /** Takes `moreBytes`, or gives them back where they are negative. Returns `false`, and takes none, where too few are left. */
  take(owner: string | undefined, moreBytes: number): boolean {
    if (moreBytes > this.#leftBytes || this.passesOwnerLimit(owner, moreBytes)) return false;
    this.#leftBytes -= moreBytes;
    if (owner !== undefined) this.#count(owner, moreBytes);
    return true;
  }

  #bytesOf(owner: string): number {
    return this.#ownerBytes.get(owner) ?? 0;
  }

  #count(owner: string, moreBytes: number): void {
    const bytes = this.#bytesOf(owner) + moreBytes;
    this.#ownerBytes.set(owner, bytes);
    // The last owner without bytes stays: removing and adding the same one at each request costs more than the entry.
    if (bytes === 0 && owner !== this.#idleOwner) {
      const before = this.#idleOwner;
      if (before !== undefined && this.#bytesOf(before) === 0) this.#ownerBytes.delete(before);
      this.#idleOwner = owner;
    }
  }
}

/** A share as {@linkcode ByteBudget} makes it. */
class ShareOfBudget implements BudgetShare {
  readonly #budget: ByteBudget;
  readonly owner: string | undefined;
  #heldBytes = 0;

  constructor(budget: ByteBudget, owner: string | undefined) {
    this.#budget = budget;
    this.owner = owner;
  }

  passesOwnerLimit(bytes: number): boolean {
    return this.#budget.passesOwnerLimit(this.owner, bytes - this.#heldBytes);
  }

  hold(bytes: number): boolean {
    if (!this.#budget.take(this.owner, bytes - this.#heldBytes)) return false;
    this.#heldBytes = bytes;
    return true;
  }
}

/** Bytes of a {@linkcode ByteBudget} that one request holds. */
export interface HeldBytes {
  /** The caller's address; `undefined` where it is unknown. */
  readonly owner: string | undefined;
  /** Holds `bytes` in total from now on. Returns `false`, and changes nothing, where too few are left. */
  hold(bytes: number): boolean;
}

/** A share as the budget itself makes it. */
export interface BudgetShare extends HeldBytes {
  /** Whether its owner would pass the limit of one owner by holding `bytes`. */
  passesOwnerLimit(bytes: number): boolean;
}
