import type { WriteOutcome } from "../../ports/store.ts";

/**
 * A key-value database as the store needs it. Everything above this interface is written against it alone;
 * `tests/store/kv/atomic_kv_suite.ts` holds an implementation to what is promised here.
 */
export interface AtomicKv {
  /**
   * Up to 10 keys, in the order asked, in one strongly consistent snapshot.
   *
   * @throws TokenError `store_unavailable`.
   */
  getMany(keys: readonly Deno.KvKey[]): Promise<Deno.KvEntryMaybe<unknown>[]>;
  /**
   * Every key under `prefix`, in the order of the keys. It is read in batches, which together are no snapshot.
   *
   * @throws TokenError `store_unavailable`.
   */
  list(prefix: Deno.KvKey): AsyncIterable<Deno.KvEntry<unknown>>;
  /**
   * One atomic write: all of it or nothing, and only while every check holds. Never throws for what the database does.
   * `unknown` also stands for a write given up at its deadline, which may still land.
   */
  commit(write: AtomicWrite): Promise<WriteOutcome>;
  /**
   * When another database was last found in the place of the one that was open, by the monotonic clock in milliseconds;
   * `-Infinity` if never. What the old one held since its copy was made is lost.
   */
  readonly replacedAtMs: number;
  /** Closes the database. */
  close(): void;
}

/** One atomic write, at most 10 checks. */
export interface AtomicWrite {
  /** Keys that must have these versions; `null`: must be absent. */
  readonly checks?: readonly KvCheck[];
  /** Keys to write. */
  readonly sets?: readonly KvSet[];
  /** Keys to delete. */
  readonly deletes?: readonly Deno.KvKey[];
  /** Longest wait, in milliseconds. */
  readonly deadlineMs: number;
}

/** A key with the version that it must have. */
export interface KvCheck {
  /** The key. */
  readonly key: Deno.KvKey;
  /** `null`: the key must be absent. */
  readonly versionstamp: string | null;
}

/** A key with its new value. */
export interface KvSet {
  /** The key. */
  readonly key: Deno.KvKey;
  /** What a structured clone can hold. */
  readonly value: unknown;
  /** The database may delete the key after so many milliseconds. Whether a value has ended is never judged by that. */
  readonly expireIn?: number;
}
