import * as z from "zod";
import { base64url, fromBase64 } from "../files/bytes.ts";
import type { RecordPlace } from "../records/keys.ts";
import type { StoredValue } from "../records/stored_value.ts";

/**
 * Version of an entry by the kind of its record. Version 0.1.0 knows grants, but not how a login is placed: it must not
 * decide on a file of one.
 */
const VERSION_OF = { app: 1, tenant: 1, caller: 1, grant: 2, login: 2 } as const;

const entrySchema = z.object({
  v: z.number(),
  store: z.string(),
  kind: z.enum(["app", "caller", "login", "grant"]),
  hash: z.string(),
  kid: z.string(),
  head: z.string(),
  body: z.string(),
}).refine(({ v, kind }) => v === VERSION_OF[kind]);

/** What one journal file holds. */
export interface JournalEntry {
  /** The id of the store that the pair belongs to: in another store the record's place would name nothing. */
  readonly store: string;
  /** The record. */
  readonly place: RecordPlace;
  /** Exactly the value to be stored. */
  readonly value: StoredValue;
}

/** The text of the file for an entry. */
export function encodeEntry({ store, place, value }: JournalEntry): string {
  return JSON.stringify({
    v: VERSION_OF[place.kind],
    store,
    ...place,
    kid: value.kid,
    head: base64url(value.head),
    body: base64url(value.body ?? new Uint8Array()),
  });
}

/** The entry in `text`; `null` where that is torn, damaged or of another version. */
export function decodeEntry(text: string): JournalEntry | null {
  try {
    const { store, kind, hash, kid, head, body } = entrySchema.parse(JSON.parse(text));
    return {
      store,
      place: { kind, hash },
      value: { v: 1, kid, head: fromBase64(head), body: fromBase64(body) },
    };
  } catch {
    return null;
  }
}
