/**
 * A standard stream that is written from a queue: its reader may stop reading, and the program goes on. The real ones are in
 * `platform.ts`.
 */
export interface Output {
  /** Bytes that were passed to {@linkcode Output.write} and are not written yet. */
  readonly unsentBytes: number;
  /** Resolves with the error of the first write that fails, for instance because the reader has closed the stream. */
  readonly failed: Promise<unknown>;
  /** Queues `text` and returns at once. Text that cannot be written is lost; nothing is thrown. */
  write(text: string): void;
  /** Resolves when some of the unsent text has been written, or lost. */
  progress(): Promise<void>;
  /** Resolves when at most `unsentBytes` are unsent. This is up to the reader, so bound the wait or race it with a signal. */
  drained(unsentBytes?: number): Promise<void>;
}
