import type { RecordName } from "../../ports/store.ts";

/** A record and the name under which this process knows it. */
export interface RecordRef {
  /** The record. */
  readonly name: RecordName;
  /** Names the record inside this process. */
  readonly key: string;
  /** Whether a presentation spends something: then the record is journaled, and an unknown outcome is remembered. */
  readonly spends: boolean;
}

/**
 * Whether the record, once it is written, is only a link from one pair of a chain to the next, which gets a record of its
 * own: that of a caller-held token, or of the code of a login.
 */
export function isLink({ name }: RecordRef): boolean {
  return name.kind === "caller" || name.kind === "login";
}

/** Whether a renewal replaces the record in its place. */
export function rotatesInPlace(ref: RecordRef): boolean {
  return ref.spends && !isLink(ref);
}
