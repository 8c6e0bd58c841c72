/** A demonstration's account of itself: every line it prints is a claim that was checked just now. */
export class DemoReport {
  readonly #write: (text: string) => void;
  #held = 0;
  #failed = 0;

  /**
   * Prints through `write`, which takes text for standard output.
   *
   * @param write takes text for standard output.
   */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** How many claims did not hold. */
  get failed(): number {
    return this.#failed;
  }

  /** How many claims held. */
  get held(): number {
    return this.#held;
  }

  /** 0 if something was checked and all of it held, else 1. */
  get exitCode(): 0 | 1 {
    return this.#held > 0 && this.#failed === 0 ? 0 : 1;
  }

  /** A heading. */
  section(title: string): void {
    this.#write(`\n${title}\n`);
  }

  /** Prints `claim` with what was seen, as true or as false. */
  check(claim: string, isTrue: boolean, seen: string): void {
    if (isTrue) this.#held++;
    else this.#failed++;
    this.#write(`  ${isTrue ? "ok  " : "FAIL"}  ${claim}: ${seen}\n`);
  }
}

/** A token shorter than this would be half given away. */
const SHORTEST_SHOWN = 24;

/** Enough of a token to compare it by eye, and not enough to use it. */
export function masked(token: unknown): string {
  if (typeof token !== "string") return "no token";
  const [start, end] = token.length < SHORTEST_SHOWN ? ["", ""] : [token.slice(0, 7), token.slice(-4)];
  return `${start}…${end} (${token.length} characters)`;
}
