/** An invariant did not hold. */
export class Violation extends Error {
  /** Name of the invariant. */
  readonly invariant: string;

  constructor(invariant: string, what: string) {
    super(`${invariant}: ${what}`);
    this.invariant = invariant;
  }
}
