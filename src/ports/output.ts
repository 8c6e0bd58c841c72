/**
 * A standard stream that is written from a queue: whatever reads it may stop reading, and the program goes on. The real
 * ones are made in `compose.ts`.
 */
export interface Output {
  /** Bytes that were given to {@linkcode Output.write} and are not written yet. */
  readonly unsentBytes: number;
  /** Resolves with the error at the first write that fails, for instance since nobody can read it any more. */
  readonly failed: Promise<unknown>;
  /** Queues `text` and returns at once. What cannot be written is lost, never thrown. */
  write(text: string): void;
  /** Resolves when some of what is unsent has been written, or was lost because it could not be. */
  progress(): Promise<void>;
  /** Resolves when no more than `unsentBytes` are unsent. That is up to the reader: bound the wait, or let a signal end it. */
  drained(unsentBytes?: number): Promise<void>;
}
