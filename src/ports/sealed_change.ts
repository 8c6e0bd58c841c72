/**
 * The write or the removal of a sealed value, for the atomic write of a record. `SealedValues.change()` alone makes it.
 */
export interface SealedChange {
  /** Distinguishes the type from others. */
  readonly kind: "sealed change";
}
