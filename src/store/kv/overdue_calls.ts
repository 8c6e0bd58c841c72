/** With so many calls overdue the next ones are not begun; the first that comes through shows that the database is back. */
const MOST_OVERDUE = 32;

/** Counts calls that go on though nobody waits for them any more: a database that has stopped may never end them. */
export class OverdueCalls {
  #count = 0;

  /** Whether there are so many that no more is to be begun. */
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
