import { endKey } from "./end_key.ts";

/** What one atomic write is made of: the part of `Deno.AtomicOperation` that the store uses. */
export interface KvWrites {
  /** Keys that must have these versions. */
  check(...checks: Deno.AtomicCheck[]): KvWrites;
  /** Sets a key, for `expireIn` milliseconds where given. */
  set(key: Deno.KvKey, value: unknown, options?: { readonly expireIn?: number }): KvWrites;
  /** Deletes a key. */
  delete(key: Deno.KvKey): KvWrites;
}

/**
 * Notes the end of a key beside it instead of telling the database. What Deno does about ends in a local file it does on
 * a thread of its own, and where it cannot, the disk being full, it ends the whole process (Deno 2.9.6: "KV collect
 * expired failed"): with it would go what only memory has. {@linkcode sweepEndedKeys} deletes what has ended.
 */
export class NotingEnds implements KvWrites {
  readonly #operation: KvWrites;
  readonly #nowMs: number;

  /** On an operation of the database, at `nowMs` in Unix milliseconds. */
  constructor(operation: KvWrites, nowMs: number) {
    this.#operation = operation;
    this.#nowMs = nowMs;
  }

  check(...checks: Deno.AtomicCheck[]): this {
    this.#operation.check(...checks);
    return this;
  }

  set(key: Deno.KvKey, value: unknown, options: { readonly expireIn?: number } = {}): this {
    this.#operation.set(key, value);
    if (options.expireIn === undefined) this.#operation.delete(endKey(key));
    else this.#operation.set(endKey(key), this.#nowMs + options.expireIn);
    return this;
  }

  delete(key: Deno.KvKey): this {
    this.#operation.delete(key).delete(endKey(key));
    return this;
  }
}
