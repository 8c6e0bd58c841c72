import type { Output } from "../ports/output.ts";

/** What may wait to be written before lines are dropped: some 5,000 lines. */
const QUEUE_BYTES = 1024 * 1024;

/** Log lines on their way to a stream that may not be read: a bounded number waits, further ones are dropped and counted. */
export class BoundedLines {
  readonly #output: Output;
  readonly #onResumed: (dropped: number) => void;
  #dropped = 0;

  /** `onResumed` is called with how many lines were dropped, once lines are taken again. */
  constructor(output: Output, onResumed: (dropped: number) => void) {
    this.#output = output;
    this.#onResumed = onResumed;
  }

  /** Queues `line`, or drops it. */
  write(line: string): void {
    // Once one is dropped all are, until it is said how many: that line then stands where they would have stood.
    if (this.#dropped > 0) {
      this.#dropped++;
    } else if (this.#output.unsentBytes < QUEUE_BYTES) {
      this.#output.write(line);
    } else {
      this.#dropped = 1;
      void this.#resume();
    }
  }

  async #resume(): Promise<void> {
    await this.#output.drained(QUEUE_BYTES / 2);
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#onResumed(dropped);
  }
}
