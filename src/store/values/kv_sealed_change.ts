import type { SealedChange } from "../../ports/sealed_change.ts";
import type { KvCheck, KvSet } from "../kv/atomic_kv.ts";

/** The write, the removal or the check of one sealed value, as the database takes it. */
export class KvSealedChange implements SealedChange {
  /** See {@linkcode SealedChange}. */
  readonly kind = "sealed change";
  /** Keys to write. */
  readonly sets: readonly KvSet[];
  /** Keys to delete. */
  readonly deletes: readonly Deno.KvKey[];
  /** Keys that must have a version. */
  readonly checks: readonly KvCheck[];

  /** For one key. */
  constructor({ sets = [], deletes = [], checks = [] }: Partial<Omit<KvSealedChange, "kind">>) {
    this.sets = sets;
    this.deletes = deletes;
    this.checks = checks;
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
