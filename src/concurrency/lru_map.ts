/** A map that drops the least recently used entry beyond its capacity, so that callers cannot fill the memory. */
export class LruMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #capacity: number;
  /** The most recently used key: most calls ask for the same one again, which then keeps its place. */
  #newest: string | undefined;

  /**
   * An empty map.
   *
   * @param capacity how many entries are kept, at least 1.
   */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value under `key`, which is now the most recently used. */
  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined && key !== this.#newest) this.#putLast(key, value);
    return value;
  }

  /** Sets `key`, and drops the least recently used entry beyond the capacity. */
  set(key: string, value: V): void {
    this.#putLast(key, value);
    if (this.#entries.size <= this.#capacity) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }

  /** Keys and values, the least recently used first. */
  entries(): [string, V][] {
    return [...this.#entries];
  }

  /** Removes `key`. */
  delete(key: string): void {
    this.#entries.delete(key);
    if (key === this.#newest) this.#newest = undefined;
  }

  #putLast(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
  }
}
