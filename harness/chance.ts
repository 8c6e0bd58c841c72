/**
 * Seeded random choices (mulberry32): the same seed gives the same choices in the same order. Each part of a run has its
 * own, so that the order in which the parts ask does not change what each of them gets.
 */
export class Chance {
  readonly #seed: number;
  #state: number;

  /** @param seed a whole number. */
  constructor(seed: number) {
    this.#seed = seed;
    this.#state = seed;
  }

  /** An independent one for the part called `name`. */
  of(name: string): Chance {
    let mixed = this.#seed ^ 0x811c9dc5;
    for (const character of name) mixed = Math.imul(mixed ^ character.charCodeAt(0), 0x01000193);
    return new Chance(mixed | 0);
  }

  /** At least 0 and less than 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** At least `from` and less than `to`. */
  between(from: number, to: number): number {
    return from + this.fraction() * (to - from);
  }

  /** One of `choices`. @throws RangeError when there is none. */
  pick<T>(choices: readonly T[]): T {
    const [choice] = choices.slice(Math.floor(this.fraction() * choices.length));
    if (choices.length === 0) throw new RangeError("Nothing to choose from");
    return choice as T;
  }

  /** `items` in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    return items.map((item) => [this.fraction(), item] as const)
      .toSorted(([a], [b]) => a - b).map(([, item]) => item);
  }
}
