/** Follows which requests of a client are not answered yet, so that it can cancel them by their ids. */
export class InFlight {
  /** A client that uses an id twice gets two answers. */
  readonly #unanswered = new Map<string, Set<AbortController>>();

  /**
   * What `answer` comes to, which gets a signal; `undefined` as soon as the request is cancelled, whose answer nobody waits
   * for. `id` is its id as JSON.
   */
  async follow<Answer>(
    id: string,
    answer: (signal: AbortSignal) => Answer | Promise<Answer>,
  ): Promise<Answer | undefined> {
    const controller = new AbortController();
    const { promise: cancelled, resolve } = Promise.withResolvers<undefined>();
    controller.signal.addEventListener("abort", () => resolve(undefined), { once: true });
    const same = this.#unanswered.get(id) ?? new Set();
    this.#unanswered.set(id, same.add(controller));
    try {
      return await Promise.race([answer(controller.signal), cancelled]);
    } finally {
      same.delete(controller);
      if (same.size === 0 && this.#unanswered.get(id) === same) this.#unanswered.delete(id);
    }
  }

  /** Aborts the signals of the requests that have `id`. */
  cancel(id: string): void {
    const same = this.#unanswered.get(id) ?? [];
    this.#unanswered.delete(id);
    for (const controller of same) controller.abort(new Error("The client has cancelled the request"));
  }

  /** Aborts the signals of all requests. */
  cancelAll(): void {
    for (const id of [...this.#unanswered.keys()]) this.cancel(id);
  }
}
