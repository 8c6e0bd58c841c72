import type { TokenError } from "../errors/token_error.ts";
import type { SealedChange } from "./sealed_change.ts";
import type { Versioned, WriteOutcome } from "./store.ts";

/**
 * The values of one namespace of the store, by name: what is neither renewed nor journaled, such as kept apps and the index
 * of what is due. Each is sealed and bound to its key; a name can be read from the value alone, never from a copied key.
 */
export interface SealedValues<T> {
  /**
   * The value under `name`. One whose end has passed counts as absent; its version is still the one to check.
   *
   * @throws TokenError `store_unavailable`, or `store_unreadable` for a value that does not open.
   */
  get(name: string): Promise<Versioned<T>>;
  /** Writes the value under `name`. Never throws for what the store does. */
  put(name: string, value: T, options: PutOptions): Promise<WriteOutcome>;
  /** Removes the value under `name`. Never throws for what the store does. */
  remove(name: string, options: CheckedOptions): Promise<WriteOutcome>;
  /**
   * Takes the value under `name` for good: of all who ever try, one gets it. Safe where a commit that failed has landed.
   *
   * @throws TokenError `store_unavailable`, or `store_unreadable` for a value that does not open.
   */
  consume(name: string, deadlineMs: number): Promise<Consumed<T>>;
  /**
   * Every value that has not ended, in no order that means anything, and in batches that together are no snapshot.
   *
   * @param onUnreadable told of each value that does not open, which is passed over. Without it the first one is thrown.
   * @throws TokenError `store_unavailable`; `store_unreadable` without `onUnreadable`.
   */
  list(onUnreadable?: (error: TokenError) => void): AsyncIterable<ListedValue<T>>;
  /**
   * The write of a value, or its removal where it is `null`, for the atomic write of a record to carry along. The record's
   * checks decide over it; it has none of its own.
   */
  change(name: string, value: T | null, endsAtMs: number | null): Promise<SealedChange>;
}

/** How a value is written or removed. */
export interface CheckedOptions {
  /** Version that the value must have; `null`: must be absent. Without it whatever is there is overwritten. */
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
 * What a consumer gets. `absent`: nothing was there, it has ended, or another one took it. `unknown`: the store gave no clear
 * answer in time; it may be taken by now, and nobody has it.
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
