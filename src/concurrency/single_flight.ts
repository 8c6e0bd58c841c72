/**
 * Single flight: at most one piece of work per key in this process, and a count of everything that still runs.
 * Work is detached from whoever asked for it: a caller that leaves ends its own wait and nothing else.
 */
export class SingleFlight {
  readonly #byKey = new Map<string, Promise<unknown>>();
  readonly #running = new Set<Promise<unknown>>();

  /** The flight under `key`: the one in the air, or a new one. It is forgotten as soon as it has landed, either way. */
  run<T>(key: string, start: () => Promise<T>): Promise<T> {
    const flying = this.#byKey.get(key) as Promise<T> | undefined;
    if (flying !== undefined) return flying;
    const flight = this.detach(start).finally(() => this.#byKey.delete(key));
    this.#byKey.set(key, flight);
    flight.catch(() => {});
    return flight;
  }

  /** Starts work that nobody needs to wait for, and that {@linkcode SingleFlight.drain} waits for. */
  detach<T>(start: () => Promise<T>): Promise<T> {
    const work = start();
    this.#running.add(work);
    const done = (): void => void this.#running.delete(work);
    work.then(done, done);
    return work;
  }

  /** Whether there is a flight under `key` that can be joined. */
  inProgress(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** Resolves when nothing runs any more, also what was started meanwhile. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
