/**
 * Reads that many callers ask for at once. Whoever comes while a read of a key is under way shares the next one: that
 * begins after the question, so that nobody is told what was true before it.
 */
export class CoalescedReads<T> {
  readonly #underWay = new Map<string, Promise<T>>();
  /** Not begun yet. */
  readonly #next = new Map<string, Promise<T>>();

  /** What `read` finds under `key`, begun now or later. */
  run(key: string, read: () => Promise<T>): Promise<T> {
    const next = this.#next.get(key);
    if (next !== undefined) return next;
    const underWay = this.#underWay.get(key);
    if (underWay === undefined) return this.#begin(key, read);
    const begin = (): Promise<T> => {
      this.#next.delete(key);
      return this.#begin(key, read);
    };
    const following = underWay.then(begin, begin);
    this.#next.set(key, following);
    return following;
  }

  #begin(key: string, read: () => Promise<T>): Promise<T> {
    const reading = read().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, reading);
    return reading;
  }
}
