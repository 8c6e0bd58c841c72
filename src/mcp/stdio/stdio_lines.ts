import { setImmediate } from "node:timers/promises";
import type { Input } from "../../ports/input.ts";
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
  readonly #stdin: Input;
  readonly #stdout: Output;
  readonly #handle: (line: StdioLine) => void | Promise<void>;
  readonly #lines = new LineSplitter(MESSAGE_BYTES_LIMIT);
  #waiting: StdioLine[] = [];
  #waitingCharacters = 0;
  #isHandling = false;
  #isStopped = false;
  #handled = Promise.withResolvers<void>();
  /** Resolved when fewer lines wait again; absent while the input is read. */
  #room: PromiseWithResolvers<void> | undefined;
  /** Resolves when the input has ended or cannot be read. Its last line is among the waiting ones by then. */
  readonly over: Promise<void>;

  /**
   * Begins to read `stdin`.
   *
   * @param stdout its unread answers hold up the next line, beyond {@linkcode UNSENT_BYTES_LIMIT}.
   * @param handle gets each line and must not throw. The next line waits for its promise.
   */
  constructor(stdin: Input, stdout: Output, handle: (line: StdioLine) => void | Promise<void>) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#handle = handle;
    this.#handled.resolve();
    this.over = this.#readAll();
  }

  /** Stops reading. Lines that were read but not handled are dropped. */
  stop(): void {
    this.#isStopped = true;
    this.#waiting = [];
    this.#room?.resolve();
  }

  /** Resolves when every line read so far has been handled. */
  handled(): Promise<void> {
    return this.#handled.promise;
  }

  async #readAll(): Promise<void> {
    try {
      while (!this.#isStopped) {
        const chunk = await this.#stdin.read();
        if (this.#isStopped) return;
        // The last line of a file that is piped in may lack its newline.
        this.#queue(chunk === null ? this.#lines.end() : this.#lines.split(chunk));
        if (chunk === null) return;
        while (this.#waitingCharacters > READ_AHEAD_BYTES && !this.#isStopped) {
          this.#room = Promise.withResolvers();
          await this.#room.promise;
          this.#room = undefined;
        }
      }
    } catch {
      // What cannot be read is over.
    }
  }

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
        if (this.#waitingCharacters <= READ_AHEAD_BYTES) this.#room?.resolve();
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
