/**
 * A sealed value, or its removal, on its way into the atomic write of a record. Made by `SealedValues.change()` alone.
 */
export interface SealedChange {
  /** Tells it from other objects. */
  readonly kind: "sealed change";
}
