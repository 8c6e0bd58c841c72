/**
 * Coalesces reads of the same key. Callers that arrive while a read is in progress share the next read. That read begins
 * after they asked, so no caller is answered with a value from before its question.
 */
export class CoalescedReads<T> {
  readonly #inProgress = new Map<string, Promise<T>>();
  /** Reads that have not begun yet. */
  readonly #next = new Map<string, Promise<T>>();

  /** The result of a `read` that begins now, or when the one in progress has ended. */
  run(key: string, read: () => Promise<T>): Promise<T> {
    const next = this.#next.get(key);
    if (next !== undefined) return next;
    const inProgress = this.#inProgress.get(key);
    if (inProgress === undefined) return this.#begin(key, read);
    const begin = (): Promise<T> => {
      this.#next.delete(key);
      return this.#begin(key, read);
    };
    const following = inProgress.then(begin, begin);
    this.#next.set(key, following);
    return following;
  }

  #begin(key: string, read: () => Promise<T>): Promise<T> {
    const reading = read().finally(() => this.#inProgress.delete(key));
    this.#inProgress.set(key, reading);
    return reading;
  }
}
