import type { Clock } from "../ports/clock.ts";
import type { Output } from "../ports/output.ts";

/** Written at once: what a pipe of Linux holds. A larger write would be one step of progress for all of it. */
const BATCH_BYTES = 64 * 1024;
/** Pause after a stream that another program made non-blocking was full. */
const FULL_PAUSE_MS = 20;

/**
 * Writes texts in their order, without making the caller wait. The writes are asynchronous: a synchronous write to a full
 * pipe stops the whole program until somebody reads it, signal handlers and timers included.
 */
export class OutputQueue implements Output {
  readonly failed: Promise<unknown>;
  readonly #options: OutputQueueOptions;
  readonly #encoder = new TextEncoder();
  readonly #fail: (error: unknown) => void;
  #waiting: Uint8Array[] = [];
  #unsentBytes = 0;
  #isPumping = false;
  #progress = Promise.withResolvers<void>();

  /** Opens nothing and starts nothing. */
  constructor(options: OutputQueueOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.failed = promise;
    this.#fail = resolve;
  }

  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  write(text: string): void {
    const bytes = this.#encoder.encode(text);
    if (bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#unsentBytes += bytes.length;
    if (!this.#isPumping) void this.#pump();
  }

  progress(): Promise<void> {
    return this.#progress.promise;
  }

  async drained(unsentBytes = 0): Promise<void> {
    while (this.#unsentBytes > unsentBytes) await this.progress();
  }

  async #pump(): Promise<void> {
    const { clock, gatherMs = 0 } = this.#options;
    this.#isPumping = true;
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#writeAll(batch);
      } catch (error) {
        // Later ones are tried all the same: a disk that was full may have room again.
        this.#fail(error);
      }
      this.#unsentBytes -= batch.length;
      this.#progress.resolve();
      this.#progress = Promise.withResolvers();
      if (gatherMs > 0) await clock.sleep(gatherMs);
    }
    this.#isPumping = false;
  }

  /** The next {@linkcode BATCH_BYTES} of what waits, or all of it. */
  #takeBatch(): Uint8Array {
    let length = 0;
    let count = 0;
    for (const bytes of this.#waiting) {
      if (length >= BATCH_BYTES) break;
      length += bytes.length;
      count++;
    }
    const taken = this.#waiting.splice(0, count);
    const joined = taken.length === 1 && taken[0] !== undefined ? taken[0] : join(taken, length);
    if (length <= BATCH_BYTES) return joined;
    this.#waiting.unshift(joined.subarray(BATCH_BYTES));
    return joined.subarray(0, BATCH_BYTES);
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    const { write, clock } = this.#options;
    for (let written = 0; written < bytes.length;) {
      try {
        written += await write(bytes.subarray(written));
      } catch (error) {
        if (!(error instanceof Deno.errors.WouldBlock)) throw error;
        await clock.sleep(FULL_PAUSE_MS);
      }
    }
  }
}

/** What {@linkcode OutputQueue} needs. */
export interface OutputQueueOptions {
  /** Writes as much of `bytes` as it can; how much that was. */
  readonly write: (bytes: Uint8Array) => Promise<number>;
  /** Times the pauses. */
  readonly clock: Clock;
  /**
   * Pause after each write, in milliseconds, in which texts gather for the next one; none unless given. An asynchronous
   * write takes 34 µs of CPU, thirty times what a synchronous one does (Deno 2.9.6), so a busy log needs it.
   */
  readonly gatherMs?: number;
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
