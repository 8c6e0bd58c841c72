import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Output } from "../../ports/output.ts";
import { LineSplitter, TOO_LONG } from "./line_splitter.ts";
import { MESSAGE_BYTES_LIMIT } from "../messages/message_bytes_limit.ts";

/** Bytes of answers. While more of them are unread, no further line is handled. */
const UNSENT_BYTES_LIMIT = 4 * 1024 * 1024;
/**
 * How far the input is read ahead of the line that is handled: the largest buffer of a Linux pipe, so that the end of
 * the input behind those lines is noticed.
 */
const READ_AHEAD_BYTES = 1024 * 1024;

/** A line of the input, without its newline. */
export type StdioLine = string | typeof TOO_LONG;

/**
 * Reads the lines of the input, which are handled one by one. It replaces the SDK's transport, which holds up to 10
 * MiB of a line and then closes, and which keeps reading while the client reads no answers.
 */
export class StdioLines {
  readonly #stdin: Readable;
  readonly #stdout: Output;
  readonly #handle: (line: StdioLine) => void | Promise<void>;
  readonly #lines = new LineSplitter(MESSAGE_BYTES_LIMIT);
  #waiting: StdioLine[] = [];
  #waitingCharacters = 0;
  #isHandling = false;
  #isStopped = false;
  #handled = Promise.withResolvers<void>();

  /**
   * Begins to read `stdin`.
   *
   * @param stdout its unread answers hold up the next line, beyond {@linkcode UNSENT_BYTES_LIMIT}.
   * @param handle gets each line and must not throw. The next line waits for its promise.
   */
  constructor(stdin: Readable, stdout: Output, handle: (line: StdioLine) => void | Promise<void>) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#handle = handle;
    this.#handled.resolve();
    this.#stdin.on("data", this.#read);
    this.#stdin.once("end", this.#readLast);
  }

  /** Stops reading. Lines that were read but not handled are dropped. */
  stop(): void {
    this.#isStopped = true;
    this.#stdin.off("data", this.#read);
    this.#stdin.off("end", this.#readLast);
    this.#stdin.pause();
    this.#waiting = [];
  }

  /** Resolves when every line read so far has been handled. */
  handled(): Promise<void> {
    return this.#handled.promise;
  }

  readonly #read = (chunk: Uint8Array): void => {
    this.#queue(this.#lines.split(chunk));
    if (this.#waitingCharacters > READ_AHEAD_BYTES) this.#stdin.pause();
  };

  /** The last line of a file that is piped in may lack its newline. */
  readonly #readLast = (): void => this.#queue(this.#lines.end());

  #queue(lines: Iterable<StdioLine>): void {
    for (const line of lines) {
      this.#waiting.push(line);
      this.#waitingCharacters += lengthOf(line);
    }
    if (!this.#isHandling && this.#waiting.length > 0) void this.#handleLines();
  }

  async #handleLines(): Promise<void> {
    this.#isHandling = true;
    this.#handled = Promise.withResolvers();
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      for (const [index, line] of lines.entries()) {
        // Lets the answer to the previous line reach `stdout`, so that it counts as unread.
        if (index > 0) await setImmediate();
        await this.#stdout.drained(UNSENT_BYTES_LIMIT);
        if (this.#isStopped) break;
        await this.#handle(line);
        this.#waitingCharacters -= lengthOf(line);
        if (this.#waitingCharacters <= READ_AHEAD_BYTES && !this.#isStopped && this.#stdin.isPaused()) {
          this.#stdin.resume();
        }
      }
    }
    this.#isHandling = false;
    this.#handled.resolve();
  }
}

/** Plus one for the newline: an empty line takes memory too. */
function lengthOf(line: StdioLine): number {
  return line === TOO_LONG ? 1 : line.length + 1;
}
