const NEWLINE = 0x0a;
const BLANK = /^\s*$/;
const NO_BYTES: Uint8Array = new Uint8Array();

/** Stands for a line over the limit, whose content is not kept. */
export const TOO_LONG: unique symbol = Symbol("a line that is too long");

/** Splits a stream of bytes into lines of UTF-8. It holds no more of the stream than the longest line may have. */
export class LineSplitter {
  readonly #limitBytes: number;
  readonly #decoder = new TextDecoder();
  #parts: Uint8Array[] = [];
  #length = 0;
  #isSkipping = false;

  /** Allows a line `limitBytes` bytes, without its newline. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /**
   * The lines that end in `chunk`, without their newlines; blank ones are left out. A line over the limit yields
   * {@linkcode TOO_LONG} at once, and the rest of it is skipped.
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

  /** The unfinished line, as if it ended here; nothing where it is blank. */
  *end(): Generator<string> {
    const line = this.#isSkipping || this.#length === 0 ? "" : this.#line();
    this.#begin();
    if (!BLANK.test(line)) yield line;
  }

  /** Adds the next part of a line. Returns whether the line passes the limit with it. */
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
