const NEWLINE = 0x0a;
const BLANK = /^\s*$/;
const NO_BYTES: Uint8Array = new Uint8Array();

/** Stands for a line that is longer than the limit. What is in it is not kept. */
export const TOO_LONG: unique symbol = Symbol("a line that is too long");

/** Cuts a stream of bytes into lines of UTF-8, and holds no more of it than one line may have. */
export class LineSplitter {
  readonly #limitBytes: number;
  readonly #decoder = new TextDecoder();
  #parts: Uint8Array[] = [];
  #length = 0;
  #isSkipping = false;

  /** A line may have `limitBytes` bytes, without its newline. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /**
   * The lines that `chunk` ends, without their newlines; blank ones are left out. {@linkcode TOO_LONG} comes as soon
   * as a line is found to be; the rest of it, to its newline, is skipped.
   */
  *split(chunk: Uint8Array): Generator<string | typeof TOO_LONG> {
    for (let start = 0; start < chunk.length;) {
      const newline = chunk.indexOf(NEWLINE, start);
      const end = newline < 0 ? chunk.length : newline;
      if (this.#isTooLongWith(chunk.subarray(start, end))) yield TOO_LONG;
      if (newline >= 0) yield* this.end();
      start = end + 1;
    }
  }

  /** The line that is begun, as if it ended here. */
  *end(): Generator<string> {
    const line = this.#isSkipping || this.#length === 0 ? "" : this.#line();
    this.#begin();
    if (!BLANK.test(line)) yield line;
  }

  /** Takes the next part of a line. Whether that made it too long. */
  #isTooLongWith(part: Uint8Array): boolean {
    if (this.#isSkipping) return false;
    this.#length += part.length;
    if (this.#length > this.#limitBytes) {
      this.#begin();
      this.#isSkipping = true;
      return true;
    }
    if (part.length > 0) this.#parts.push(part);
    return false;
  }

  #line(): string {
    if (this.#parts.length === 1) return this.#decoder.decode(this.#parts[0] ?? NO_BYTES);
    const line = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      line.set(part, at);
      at += part.length;
    }
    return this.#decoder.decode(line);
  }

  #begin(): void {
    this.#parts = [];
    this.#length = 0;
    this.#isSkipping = false;
  }
}
