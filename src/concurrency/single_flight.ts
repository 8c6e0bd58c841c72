/**
 * Single flight: at most one piece of work per key in this process, and a count of everything that still runs. Work is
 * detached from its callers: a caller that leaves ends its own wait, not the work.
 */
export class SingleFlight {
  readonly #byKey = new Map<string, Promise<unknown>>();
  readonly #running = new Set<Promise<unknown>>();

  /** Joins the flight under `key`, or starts one. A flight is forgotten as soon as it has ended, whether it failed or not. */
  run<T>(key: string, start: () => Promise<T>): Promise<T> {
    const inProgress = this.#byKey.get(key) as Promise<T> | undefined;
    if (inProgress !== undefined) return inProgress;
    const flight = this.detach(start).finally(() => this.#byKey.delete(key));
    this.#byKey.set(key, flight);
    flight.catch(() => {});
    return flight;
  }

  /** Starts work that no caller needs to wait for; {@linkcode SingleFlight.drain} does. */
  detach<T>(start: () => Promise<T>): Promise<T> {
    const work = start();
    this.#running.add(work);
    const done = (): void => void this.#running.delete(work);
    work.then(done, done);
    return work;
  }

  /** Whether there is a flight under `key` to join. */
  inProgress(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** Resolves when nothing runs any more, including work that was started meanwhile. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
