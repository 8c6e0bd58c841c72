/** Bounds what all requests together keep in memory, and what those of one owner do. */
export class ByteBudget {
  #leftBytes: number;
  readonly #ownerLimitBytes: number;
  /** Of those who hold something. */
  readonly #ownerBytes = new Map<string, number>();

  /** Hands out `bytes` at most, half of them to one owner: others are served beside one who takes all he can get. */
  constructor(bytes: number) {
    this.#leftBytes = bytes;
    this.#ownerLimitBytes = bytes / 2;
  }

  /** The share of one request, which holds nothing yet. Has to be set to 0 at its end. */
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

/** Some bytes of a {@linkcode ByteBudget}, held until they are given back. */
export interface HeldBytes {
  /** Who holds them; `undefined` where that is not known. */
  readonly owner: string | undefined;
  /** Holds `bytes` instead of what was held. `false`, and nothing changed, where more than is left would be needed. */
  hold(bytes: number): boolean;
}

/** A share as the budget itself hands it out. */
export interface BudgetShare extends HeldBytes {
  /** Whether it is the limit of its owner that `bytes` would pass. */
  passesOwnerLimit(bytes: number): boolean;
}
