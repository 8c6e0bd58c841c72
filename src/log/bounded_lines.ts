import type { Output } from "../ports/output.ts";

/** While more than this is unwritten, lines are dropped. It holds some 5,000 lines. */
const QUEUE_BYTES = 1024 * 1024;

/** Writes log lines to a stream that may have no reader: a bounded number waits, others are dropped and counted. */
export class BoundedLines {
  readonly #output: Output;
  readonly #onResumed: (dropped: number) => void;
  #dropped = 0;

  /** Calls `onResumed` with the number of dropped lines, as soon as lines are written again. */
  constructor(output: Output, onResumed: (dropped: number) => void) {
    this.#output = output;
    this.#onResumed = onResumed;
  }

  /** Queues `line`, or drops it. */
  write(line: string): void {
    // After a dropped line all others are dropped too, until their number is written in their place.
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
