/** The steps of a world, one line each. */
export class Trace {
  readonly lines: string[] = [];
  readonly #elapsedMs: () => number;

  /** `elapsedMs` tells the virtual time. */
  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs;
  }

  /** One more line: who did what. */
  add(who: string, what: string): void {
    const seconds = (this.#elapsedMs() / 1_000).toFixed(3).padStart(10);
    this.lines.push(`${seconds} s  ${who.padEnd(5)} ${what}`);
  }

  /** All lines. */
  toString(): string {
    return this.lines.join("\n");
  }
}
