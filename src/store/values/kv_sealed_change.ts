import type { SealedChange } from "../../ports/sealed_change.ts";
import type { KvSet } from "../kv/atomic_kv.ts";

/** The write or the removal of one sealed value, as the database takes it. */
export class KvSealedChange implements SealedChange {
  /** See {@linkcode SealedChange}. */
  readonly kind = "sealed change";
  /** Keys to write. */
  readonly sets: readonly KvSet[];
  /** Keys to delete. */
  readonly deletes: readonly Deno.KvKey[];

  /** For one key. */
  constructor(change: { readonly sets?: readonly KvSet[]; readonly deletes?: readonly Deno.KvKey[] }) {
    this.sets = change.sets ?? [];
    this.deletes = change.deletes ?? [];
  }

  /**
   * `changes`, which must all be made by this class's store.
   *
   * @throws TypeError for a change of another implementation.
   */
  static allOf(changes: readonly SealedChange[]): readonly KvSealedChange[] {
    return changes.map((change) => {
      if (change instanceof KvSealedChange) return change;
      throw new TypeError("A sealed change is made by the SealedValues of the same store");
    });
  }
}
