import type { RecordName } from "../ports/store.ts";

/** A record and the name under which this process knows it. */
export interface KeptName {
  /** The record. */
  readonly name: RecordName;
  /** Names the record inside this process. */
  readonly key: string;
  /** Whether a lost record is a lost login: then it is journaled. */
  readonly spends: boolean;
}

/**
 * Whether a renewal replaces the record in its place. That of a caller-held token is only a link once it is written: the
 * next pair of the chain gets a record of its own.
 */
export function rotatesInPlace({ name, spends }: KeptName): boolean {
  return spends && name.kind !== "caller";
}
