/** Size of a page of SQLite's, in bytes. */
export const PAGE_BYTES = 4096;

/** The same choices for the same seed (mulberry32). */
export class SeededChoices {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000 * limit);
  }

  /** One of `items`. */
  of<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("Nothing to choose from");
    return item;
  }
}

type Bytes = Uint8Array<ArrayBuffer>;
type Damage = (bytes: Bytes, choices: SeededChoices) => Bytes;

/** What disks, copies and people do to a database, by name. Each may change the bytes that it is given. */
export const DAMAGES: readonly (readonly [string, Damage])[] = [
  ["one bit", flipping(1, (bytes) => bytes.length)],
  ["8 bits", flipping(8, (bytes) => bytes.length)],
  ["64 bits", flipping(64, (bytes) => bytes.length)],
  ["the header", flipping(3, () => 100)],
  ["the schema", flipping(6, () => PAGE_BYTES)],
  ["a page's header", (bytes, choices) => {
    const start = pageOf(bytes, choices);
    for (let bit = 0; bit < 3; bit++) flip(bytes, start + choices.below(16), choices);
    return bytes;
  }],
  ["a page of zeros", (bytes, choices) => fill(bytes, pageOf(bytes, choices), 0)],
  ["a page of ones", (bytes, choices) => fill(bytes, pageOf(bytes, choices), 0xff)],
  ["two pages swapped", (bytes, choices) => {
    const [one, other] = [pageOf(bytes, choices), pageOf(bytes, choices)];
    const kept = bytes.slice(one, one + PAGE_BYTES);
    bytes.copyWithin(one, other, other + PAGE_BYTES);
    bytes.set(kept, other);
    return bytes;
  }],
  ["cut anywhere", (bytes, choices) => bytes.slice(0, choices.below(bytes.length))],
  ["cut at a page", (bytes, choices) => bytes.slice(0, pageOf(bytes, choices))],
  ["more behind it", (bytes) => new Uint8Array([...bytes, ...new Uint8Array(5_000).fill(0x5a)])],
];

function flipping(bits: number, within: (bytes: Bytes) => number): Damage {
  return (bytes, choices) => {
    for (let bit = 0; bit < bits; bit++) flip(bytes, choices.below(within(bytes)), choices);
    return bytes;
  };
}

function flip(bytes: Bytes, at: number, choices: SeededChoices): void {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << choices.below(8));
}

/** Where a page begins, never the first. */
function pageOf(bytes: Bytes, choices: SeededChoices): number {
  return PAGE_BYTES * (1 + choices.below(Math.floor(bytes.length / PAGE_BYTES) - 1));
}

function fill(bytes: Bytes, start: number, value: number): Bytes {
  return bytes.fill(value, start, start + PAGE_BYTES);
}
