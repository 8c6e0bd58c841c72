/** The session configuration that came with a request cannot be read. No problem repeats a value. */
export class InvalidSession extends Error {
  /** Every one at once, one line each. */
  readonly problems: readonly string[];

  /** Refuses the request that has these problems. */
  constructor(problems: readonly string[]) {
    super(`Session configuration refused: ${problems.join("; ")}`);
    this.name = "InvalidSession";
    this.problems = problems;
  }
}
