/** With so many calls overdue no further call is begun, until one of them ends: then the database answers again. */
const MOST_OVERDUE = 32;

/** Counts calls that have missed their deadlines and go on: a database that does not answer may never end them. */
export class OverdueCalls {
  #count = 0;

  /** Whether so many are overdue that no further call may be begun. */
  get areTooMany(): boolean {
    return this.#count >= MOST_OVERDUE;
  }

  /** Counts `call` until it ends. */
  add(call: Promise<unknown>): void {
    this.#count++;
    const ended = (): void => void this.#count--;
    call.then(ended, ended);
  }
}
