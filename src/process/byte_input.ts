import type { Input } from "../ports/input.ts";

/** The buffer of a pipe. */
const CHUNK_BYTES = 64 * 1024;

/** Reads from a stream of the system as {@linkcode Input}. */
export class ByteInput implements Input {
  readonly #read: (buffer: Uint8Array) => Promise<number | null>;

  /** `read` fills a buffer as `Deno.stdin.read` does. */
  constructor(read: (buffer: Uint8Array) => Promise<number | null>) {
    this.#read = read;
  }

  async read(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    const length = await this.#read(buffer);
    // A copy: parts of a line are kept until its end comes, and each would keep a whole buffer.
    return length === null ? null : buffer.slice(0, length);
  }
}
