import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Output } from "../../ports/output.ts";
import { LineSplitter, TOO_LONG } from "./line_splitter.ts";
import { MESSAGE_BYTES_LIMIT } from "../messages/message_bytes_limit.ts";

/** Answers that nobody has read yet: beyond this, no further line is taken up. */
const UNSENT_BYTES_LIMIT = 4 * 1024 * 1024;
/**
 * What is read of the input although it is not taken up yet: as much as a pipe of Linux can be made to hold, so that the
 * end of the input behind it is seen.
 */
const READ_AHEAD_BYTES = 1024 * 1024;

/** A line of the input, without its newline. */
export type StdioLine = string | typeof TOO_LONG;

/**
 * The lines of the input, taken up one by one. Instead of the SDK's transport, which holds up to 10 MiB of a line and then
 * closes, and goes on reading while nobody reads what it answers.
 */
export class StdioLines {
  readonly #stdin: Readable;
  readonly #stdout: Output;
  readonly #take: (line: StdioLine) => void | Promise<void>;
  readonly #lines = new LineSplitter(MESSAGE_BYTES_LIMIT);
  #waiting: StdioLine[] = [];
  #waitingCharacters = 0;
  #isDelivering = false;
  #isStopped = false;
  #delivered = Promise.withResolvers<void>();

  /**
   * Begins to read `stdin`. `take` gets each line and does not throw; while what it returns is pending, and while too much
   * of `stdout` is unread, no further line is taken up.
   */
  constructor(stdin: Readable, stdout: Output, take: (line: StdioLine) => void | Promise<void>) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#take = take;
    this.#delivered.resolve();
    this.#stdin.on("data", this.#read);
    this.#stdin.once("end", this.#readLast);
  }

  /** Ends the reading. What was read and not taken up yet is dropped. */
  stop(): void {
    this.#isStopped = true;
    this.#stdin.off("data", this.#read);
    this.#stdin.off("end", this.#readLast);
    this.#stdin.pause();
    this.#waiting = [];
  }

  /** Resolves when every line that was read so far has been taken up. */
  delivered(): Promise<void> {
    return this.#delivered.promise;
  }

  readonly #read = (chunk: Uint8Array): void => {
    this.#queue(this.#lines.split(chunk));
    if (this.#waitingCharacters > READ_AHEAD_BYTES) this.#stdin.pause();
  };

  /** Whoever pipes a message in from a file may end it without a newline. */
  readonly #readLast = (): void => this.#queue(this.#lines.end());

  #queue(lines: Iterable<StdioLine>): void {
    for (const line of lines) {
      this.#waiting.push(line);
      this.#waitingCharacters += lengthOf(line);
    }
    if (!this.#isDelivering && this.#waiting.length > 0) void this.#deliver();
  }

  async #deliver(): Promise<void> {
    this.#isDelivering = true;
    this.#delivered = Promise.withResolvers();
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      for (const [index, line] of lines.entries()) {
        // What the line before is answered with counts before this one is taken up.
        if (index > 0) await setImmediate();
        await this.#stdout.drained(UNSENT_BYTES_LIMIT);
        if (this.#isStopped) break;
        await this.#take(line);
        this.#waitingCharacters -= lengthOf(line);
        if (this.#waitingCharacters <= READ_AHEAD_BYTES && !this.#isStopped && this.#stdin.isPaused()) {
          this.#stdin.resume();
        }
      }
    }
    this.#isDelivering = false;
    this.#delivered.resolve();
  }
}

/** With what stands for the line's end: a short line takes memory too. */
function lengthOf(line: StdioLine): number {
  return line === TOO_LONG ? 1 : line.length + 1;
}
