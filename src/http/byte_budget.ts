/** Some bytes of a {@linkcode ByteBudget}, held until they are given back. */
export interface HeldBytes {
  /** Holds `bytes` instead of what was held. `false`, and nothing changed, where more than is left would be needed. */
  hold(bytes: number): boolean;
}

/** Bounds what all requests together keep in memory. */
export class ByteBudget {
  #leftBytes: number;

  /** Hands out `bytes` at most. */
  constructor(bytes: number) {
    this.#leftBytes = bytes;
  }

  /** The share of one request, which holds nothing yet. Has to be set to 0 at its end. */
  share(): HeldBytes {
    let heldBytes = 0;
    return {
      hold: (bytes) => {
        const moreBytes = bytes - heldBytes;
        if (moreBytes > this.#leftBytes) return false;
        this.#leftBytes -= moreBytes;
        heldBytes = bytes;
        return true;
      },
    };
  }
}
