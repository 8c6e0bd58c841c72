/**
 * A sealed value, or its removal, on its way into the atomic write of a record. Made by `SealedValues.change()` alone.
 */
export interface SealedChange {
  readonly kind: "sealed change";
}
