import { setImmediate } from "node:timers";

/**
 * Tells the explorer exactly when every process waits for it.
 *
 * Code under test goes on by itself for two reasons only: microtasks, and WebCrypto, whose results come from a thread
 * pool. Everything else that it awaits (store, journal, Feishu, clock) is a schedule point, which the explorer moves. The
 * keyring runs each operation of WebCrypto through {@linkcode SerialWork.run}: counted, and one at a time in the order
 * asked for, so that the thread pool decides nothing. A turn of the event loop begins when no microtask is left. So at a
 * turn at which no operation is outstanding nothing can move any more, which needs neither a guess nor a sleep.
 */
export class SerialWork {
  #last: Promise<unknown> = Promise.resolve();
  #outstanding = 0;

  /** Runs `work` after all that was asked for before. */
  run<T>(work: () => Promise<T>): Promise<T> {
    this.#outstanding++;
    const result = this.#last.then(work);
    this.#last = result.catch(() => {}).finally(() => this.#outstanding--);
    return result;
  }

  /** Resolves when every process waits for the explorer. */
  async idle(): Promise<void> {
    do {
      await this.#last;
      await new Promise<void>((resolve) => void setImmediate(resolve));
    } while (this.#outstanding > 0);
  }
}
