/** A source of bytes, such as standard input. Nothing is read ahead of what is asked for. */
export interface Input {
  /**
   * Resolves with the next bytes, which are the caller's, and with `null` at the end. One call at a time.
   *
   * @throws Error (rejects) where the source cannot be read.
   */
  read(): Promise<Uint8Array | null>;
}
