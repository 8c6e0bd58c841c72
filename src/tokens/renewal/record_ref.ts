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
 * Whether the record is written once and never renewed: its pair gets a record of its own. So it is with a caller-held
 * token, and with the code of a login.
 */
export function isLink({ name }: RecordRef): boolean {
  return name.kind === "caller" || name.kind === "login";
}

/** Whether a renewal replaces the record in its place. */
export function rotatesInPlace(ref: RecordRef): boolean {
  return ref.spends && !isLink(ref);
}
