/**
 * The write, the removal or the check of a sealed value, for the atomic write of a record. `SealedValues.change()` and
 * `SealedValues.unchanged()` alone make it.
 */
export interface SealedChange {
  /** Distinguishes the type from others. */
  readonly kind: "sealed change";
}
