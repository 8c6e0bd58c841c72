import type { ChaosHistory } from "../chaos_history.ts";
import type { ChaosStore, StoreTrouble } from "./chaos_store.ts";

/** Makes the store fail, in one way at a time, and notes when in the history. */
export class StoreSwitch {
  readonly #store: ChaosStore;
  readonly #history: ChaosHistory;
  #last: Promise<unknown> = Promise.resolve();
  #isAway = false;
  /** How often the store was made to fail, by name. */
  readonly counts = new Map<string, number>();

  constructor(store: ChaosStore, history: ChaosHistory) {
    this.#store = store;
    this.#history = history;
  }

  /** How the store can be made to fail. */
  get troubles(): readonly StoreTrouble[] {
    return this.#store.troubles;
  }

  /** Whether it does not work now. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** Runs `run` while the store does not work; without a `trouble`, in the way that hurts least. */
  during<T>(run: () => Promise<T>, trouble?: StoreTrouble): Promise<T> {
    const turn = this.#last.then(() => this.#hold(trouble ?? this.#store.troubles[0], run));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #hold<T>(trouble: StoreTrouble, run: () => Promise<T>): Promise<T> {
    const over = this.#history.outageBegins();
    this.#isAway = true;
    const restore = await trouble.begin();
    this.counts.set(trouble.name, (this.counts.get(trouble.name) ?? 0) + 1);
    try {
      return await run();
    } finally {
      await restore();
      this.#isAway = false;
      over();
    }
  }
}
