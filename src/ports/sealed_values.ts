import type { TokenError } from "../errors/token_error.ts";
import type { SealedChange } from "./sealed_change.ts";
import type { Versioned, WriteOutcome } from "./store.ts";

/**
 * The values of one namespace of the store, by name. They are neither renewed nor journaled: entries of the index of grants,
 * for instance. Each is sealed and bound to its key. The key has a hash of the name; the name itself is in the sealed
 * value.
 */
export interface SealedValues<T> {
  /**
   * The value under `name`. A value whose end has passed counts as absent; a check still needs its version.
   *
   * @throws TokenError `store_unavailable`, or `store_unreadable` for a value that does not open.
   */
  get(name: string): Promise<Versioned<T>>;
  /** Writes the value under `name`. Never throws for what the store does. */
  put(name: string, value: T, options: PutOptions): Promise<WriteOutcome>;
  /** Removes the value under `name`. Never throws for what the store does. */
  remove(name: string, options: CheckedOptions): Promise<WriteOutcome>;
  /**
   * Takes the value under `name` for good: of all calls, in all processes, one gets it, also where a commit that was
   * reported as failed has landed.
   *
   * @throws TokenError `store_unavailable`, or `store_unreadable` for a value that does not open.
   */
  consume(name: string, deadlineMs: number): Promise<Consumed<T>>;
  /**
   * Every value that has not ended, in an arbitrary order. The batches of a listing are not of one snapshot.
   *
   * @param onUnreadable told of each value that does not open, which is then skipped. Without it the first such error
   * is thrown.
   * @throws TokenError `store_unavailable`; `store_unreadable` without `onUnreadable`.
   */
  list(onUnreadable?: (error: TokenError) => void): AsyncIterable<ListedValue<T>>;
  /**
   * The write of a value, or its removal where `value` is `null`, to be carried along by the atomic write of a record.
   * It has no check of its own: it lands if the record's write does. `endsAtMs` as in {@linkcode PutOptions}.
   */
  change(name: string, value: T | null, endsAtMs: number | null): Promise<SealedChange>;
  /**
   * The condition that the value under `name` still has `version` (`null`: is absent), to be carried along by the
   * atomic write of a record: that fails if it has not.
   */
  unchanged(name: string, version: string | null): Promise<SealedChange>;
}

/** The form of the values of one namespace. */
export interface ValueForm<T> {
  /** Second to last part of each key, in clear: for instance `grant`. */
  readonly namespace: string;
  /** The value as JSON; secrets are revealed, since it is sealed next. */
  readonly encode: (value: T) => unknown;
  /** The value of such JSON; throws where it is none. */
  readonly decode: (stored: unknown) => T;
}

/** How a value is written or removed. */
export interface CheckedOptions {
  /** Version that the value must have; `null`: it must be absent. Without it any value is overwritten. */
  readonly check?: string | null;
  /** Longest wait, in milliseconds. A write given up may still land. */
  readonly deadlineMs: number;
}

/** How a value is written. */
export interface PutOptions extends CheckedOptions {
  /** Unix milliseconds from which on the value counts as absent; `null`: never. */
  readonly endsAtMs: number | null;
}

/**
 * What a consumer gets. `absent`: there was no value, it has ended, or another consumer took it. `unknown`: the store
 * gave no clear answer in time. The value may be taken then, and no consumer has it.
 */
export type Consumed<T> =
  | { readonly kind: "taken"; readonly value: T }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown" };

/** A value with its name. */
export interface ListedValue<T> {
  /** As it was put. */
  readonly name: string;
  /** The value. */
  readonly value: T;
  /** For a check. */
  readonly version: string;
}
