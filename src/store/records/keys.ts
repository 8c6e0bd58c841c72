import { defined } from "../../defined.ts";
import { KEY_ROOT } from "../kv/key_root.ts";
import type { RecordName, Slot } from "../../ports/store.ts";
import type { AppKeys } from "../sealing/keyring.ts";

/** The last two parts of the keys of one record. The hash is keyed: no id or token can be read from a key. */
export interface RecordPlace {
  /** In clear. */
  readonly kind: RecordName["kind"];
  /** 22 characters of base64url. */
  readonly hash: string;
}

/** The place of the record `name`. */
export async function placeOf(name: RecordName, keys: AppKeys): Promise<RecordPlace> {
  const { brand, recordBrand = brand, appId } = name.credentials;
  const { owner, at } = name;
  const parts: unknown[] = [name.kind, recordBrand, appId];
  if (name.presented !== undefined) parts.push(name.presented.reveal());
  if (name.user !== undefined) parts.push(name.user);
  if (owner !== undefined || at !== undefined) parts.push(defined({ owner, at }));
  return { kind: name.kind, hash: await keys.hash(`record ${JSON.stringify(parts)}`) };
}

/** The place of each slot of one record. */
export type RecordPlaces = Readonly<Record<Slot, RecordPlace>>;

/**
 * The places of the slots of `name`. All slots have the same place, except lease and status of an app or a tenant:
 * their place is a hash of the app's secret too, so that no caller waits for an attempt with another secret, or is told
 * of its failure.
 */
export async function placesOf(name: RecordName, keys: AppKeys): Promise<RecordPlaces> {
  const place = await placeOf(name, keys);
  const attempts = name.kind === "app" || name.kind === "tenant" ? await attemptsPlaceOf(name, keys) : place;
  return { token: place, spare: place, lease: attempts, status: attempts };
}

async function attemptsPlaceOf({ kind, credentials }: RecordName, keys: AppKeys): Promise<RecordPlace> {
  const { brand, recordBrand = brand, appId, appSecret } = credentials;
  return {
    kind,
    hash: await keys.hash(`attempts ${JSON.stringify([kind, recordBrand, appId, appSecret.reveal()])}`),
  };
}

/** The KV key of one slot of a record. */
export function slotKey(slot: Slot, place: RecordPlace): Deno.KvKey {
  return [KEY_ROOT, slot, place.kind, place.hash];
}

/** The key of the store's own description. */
export const SCHEMA_KEY: Deno.KvKey = [KEY_ROOT, "schema"];

/** The key that a probe of the process `owner` writes and reads. */
export function probeKey(owner: string): Deno.KvKey {
  return [KEY_ROOT, "probe", owner];
}
