import type { SealedChange } from "../../ports/sealed_change.ts";
import type { KvSet } from "../kv/atomic_kv.ts";

/** The write or the removal of one sealed value, as the database takes it. */
export class KvSealedChange implements SealedChange {
  /** See {@linkcode SealedChange}. */
  readonly kind = "sealed change";
  /** What is written, if anything. */
  readonly sets: readonly KvSet[];
  /** What is deleted, if anything. */
  readonly deletes: readonly Deno.KvKey[];

  /** Of one key. */
  constructor(change: { readonly sets?: readonly KvSet[]; readonly deletes?: readonly Deno.KvKey[] }) {
    this.sets = change.sets ?? [];
    this.deletes = change.deletes ?? [];
  }

  /**
   * The changes of `changes`, which this store made all of.
   *
   * @throws TypeError for one that another implementation made.
   */
  static allOf(changes: readonly SealedChange[]): readonly KvSealedChange[] {
    return changes.map((change) => {
      if (change instanceof KvSealedChange) return change;
      throw new TypeError("A sealed change is made by the SealedValues of the same store");
    });
  }
}
