import type { Clock } from "../ports/clock.ts";
import type { Output } from "../ports/output.ts";

/** Bytes of one write: the buffer of a Linux pipe. A larger write would show no progress before all of it is read. */
const BATCH_BYTES = 64 * 1024;
/** Pause while a stream that another program made non-blocking is full. */
const FULL_PAUSE_MS = 20;

/**
 * Writes texts in their order, without making the caller wait. Writes are asynchronous: a synchronous write to a full
 * pipe stops the whole program, with its timers and signal handlers, until somebody reads the pipe.
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

  /** Writes nothing yet. */
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
        // Later texts are still written: a disk that was full may have room again.
        this.#fail(error);
      }
      this.#unsentBytes -= batch.length;
      this.#progress.resolve();
      this.#progress = Promise.withResolvers();
      if (gatherMs > 0) await clock.sleep(gatherMs);
    }
    this.#isPumping = false;
  }

  /** Takes at most {@linkcode BATCH_BYTES} of what waits. */
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
  /** Writes a part of `bytes` or all of them, and resolves to their number. */
  readonly write: (bytes: Uint8Array) => Promise<number>;
  /** Times the pauses. */
  readonly clock: Clock;
  /**
   * Pause after each write, in milliseconds, in which texts gather for the next one; none by default. An asynchronous
   * write takes 34 µs of CPU, thirty times as much as a synchronous one (Deno 2.9.6), so a busy log needs the pause.
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
