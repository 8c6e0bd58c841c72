/** A map that forgets the least recently used entry beyond `capacity`: memory stays bounded whatever callers send. */
export class LruMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #capacity: number;

  /**
   * Keeps `capacity` entries, at least 1.
   *
   * @param capacity how many entries are kept, at least 1.
   */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** How many entries are kept now. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value under `key`, which is now the most recently used. */
  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Keeps `value` under `key`, forgetting the oldest beyond the capacity. */
  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#capacity) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }

  /** Forgets `key`. */
  delete(key: string): void {
    this.#entries.delete(key);
  }
}
