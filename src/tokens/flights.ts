/**
 * Single flight: at most one piece of work per key in this process, and a count of everything that still runs.
 * Work is detached from whoever asked for it: a caller that leaves ends its own wait and nothing else.
 */
export class Flights {
  readonly #byKey = new Map<string, { flight?: Promise<unknown> }>();
  readonly #running = new Set<Promise<unknown>>();

  /**
   * The flight under `key`: the one in the air, or a new one. It is forgotten as soon as it has landed, either way, or once
   * it says `close`: whoever comes then begins another.
   */
  join<T>(key: string, start: (close: () => void) => Promise<T>): Promise<T> {
    const flying = this.flying<T>(key);
    if (flying !== undefined) return flying;
    const entry: { flight?: Promise<T> } = {};
    const close = (): void => {
      if (this.#byKey.get(key) === entry) this.#byKey.delete(key);
    };
    this.#byKey.set(key, entry);
    entry.flight = this.detach(() => start(close)).finally(close);
    entry.flight.catch(() => {});
    return entry.flight;
  }

  /** Starts work that nobody needs to wait for, and that {@linkcode Flights.drain} waits for. */
  detach<T>(start: () => Promise<T>): Promise<T> {
    const work = start();
    this.#running.add(work);
    const done = (): void => void this.#running.delete(work);
    work.then(done, done);
    return work;
  }

  /** The flight under `key` that can be joined, if there is one. */
  flying<T>(key: string): Promise<T> | undefined {
    return this.#byKey.get(key)?.flight as Promise<T> | undefined;
  }

  /** Resolves when nothing runs any more, also what was started meanwhile. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
