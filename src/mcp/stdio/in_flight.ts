/** The requests of a client that are not answered yet, so that it can cancel them by their ids. */
export class InFlight {
  /** Several for one id: a client that uses it twice gets two answers. */
  readonly #unanswered = new Map<string, Set<AbortController>>();

  /**
   * Runs `answer` and resolves to its result, or to `undefined` as soon as the request is cancelled.
   *
   * @param id as JSON.
   * @param answer gets a signal that the cancellation aborts.
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

  /** Aborts the signals of the requests with this id, as JSON. */
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
