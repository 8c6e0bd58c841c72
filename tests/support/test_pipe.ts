import { OutputQueue } from "../../src/process/output_queue.ts";
import type { Clock } from "../../src/ports/clock.ts";

/** A pipe that a test reads, stops reading, and breaks. */
export class TestPipe {
  /** What a program writes to. */
  readonly output: OutputQueue;
  /** All that has been read. */
  text = "";
  /** How large each write was that has been read, in bytes. */
  readonly writes: number[] = [];
  readonly #decoder = new TextDecoder();
  #error: unknown;
  #mayRead = Promise.withResolvers<void>();

  constructor(clock: Clock, gatherMs = 0) {
    this.#mayRead.resolve();
    this.output = new OutputQueue({ clock, gatherMs, write: (bytes) => this.#write(bytes) });
  }

  /** Nothing is read from now on. */
  stopReading(): void {
    this.#mayRead = Promise.withResolvers();
  }

  /** Reads all that waits, and goes on. */
  read(): void {
    this.#mayRead.resolve();
  }

  /** Each write fails from now on. */
  break(error: unknown): void {
    this.#error = error;
    this.#mayRead.resolve();
  }

  /** Writes succeed again. */
  repair(): void {
    this.#error = undefined;
  }

  async #write(bytes: Uint8Array): Promise<number> {
    await this.#mayRead.promise;
    if (this.#error !== undefined) throw this.#error;
    this.writes.push(bytes.length);
    this.text += this.#decoder.decode(bytes, { stream: true });
    return bytes.length;
  }
}
