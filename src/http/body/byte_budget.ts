/** Bounds the bytes that all requests together, and those of one owner, hold in memory. */
export class ByteBudget {
  #leftBytes: number;
  readonly #ownerLimitBytes: number;
  /** The bytes held, by owner. */
  readonly #ownerBytes = new Map<string, number>();

  /** Has `bytes` for all. One owner gets at most half of them, so that no single one keeps the others out. */
  constructor(bytes: number) {
    this.#leftBytes = bytes;
    this.#ownerLimitBytes = bytes / 2;
  }

  /** Makes the share of one request, which holds nothing yet and must be set to 0 at the end. */
  share(owner?: string): BudgetShare {
    let heldBytes = 0;
    const passesOwnerLimit = (bytes: number): boolean =>
      owner !== undefined && bytes > heldBytes &&
      this.#bytesOf(owner) + bytes - heldBytes > this.#ownerLimitBytes;
    return {
      owner,
      passesOwnerLimit,
      hold: (bytes) => {
        const moreBytes = bytes - heldBytes;
        if (moreBytes > this.#leftBytes || passesOwnerLimit(bytes)) return false;
        this.#leftBytes -= moreBytes;
        if (owner !== undefined) this.#count(owner, moreBytes);
        heldBytes = bytes;
        return true;
      },
    };
  }

  #bytesOf(owner: string): number {
    return this.#ownerBytes.get(owner) ?? 0;
  }

  #count(owner: string, moreBytes: number): void {
    const bytes = this.#bytesOf(owner) + moreBytes;
    if (bytes > 0) this.#ownerBytes.set(owner, bytes);
    else this.#ownerBytes.delete(owner);
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
