/**
 * Keeps logins and moves of the clock apart. A device code lives for ten minutes, and a token whose owner is not known yet
 * for two hours: a move by more than that in the middle of a login would end what the run is to find.
 */
export class Epochs {
  #logins = 0;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  /** Whether a login may begin now. */
  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /** Begins a login; the function returned ends it. `null` where none may begin now. */
  enter(): (() => void) | null {
    if (this.#isClosed) return null;
    this.#logins++;
    return () => {
      this.#logins--;
      this.#wake();
    };
  }

  /** Runs `work` while there is no login: those that have begun end first. */
  async without(work: () => Promise<void>): Promise<void> {
    while (this.#isClosed) await this.#change();
    this.#isClosed = true;
    try {
      while (this.#logins > 0) await this.#change();
      await work();
    } finally {
      this.#isClosed = false;
      this.#wake();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
