import type { AppCredentials } from "../../ports/feishu.ts";
import type { Random } from "../../ports/random.ts";
import { base64url, type Bytes, utf8 } from "../files/bytes.ts";
import { Sealer } from "./sealer.ts";
import { type KeySource, SERVER_KEY_BYTES, type ServerKey } from "./server_key.ts";

/** 128 bits: no two names of a store ever collide. */
const HASH_BYTES = 16;

/** The keys that serve one app's records. */
export interface AppKeys {
  /** Seals; also one of `openers`. */
  readonly sealer: Sealer;
  /** By the id of the key that sealed a value. */
  readonly openers: ReadonlyMap<string, Sealer>;
  /** A keyed one-way hash of `text`: 16 bytes in base64url, 22 characters. */
  hash(text: string): Promise<string>;
  /** A hash that differs between stores with different name keys. Not secret. */
  storeId(): Promise<string>;
}

/** The keys for sealing values and naming records. */
export interface Keyring {
  /** Where the keys come from. */
  readonly source: KeySource;
  /** The keys for an app. With a server key they are the same for every app. */
  keysFor(credentials: AppCredentials): Promise<AppKeys>;
  /** The keys for every app, or `null` where each app's secret is its key. */
  readonly shared: AppKeys | null;
}

/** A keyring on server keys (the first seals) and the store's own name key. */
export async function serverKeyring(
  source: KeySource,
  keys: readonly [ServerKey, ...ServerKey[]],
  nameKey: Bytes,
  random: Random,
): Promise<Keyring> {
  const sealers = await Promise.all(keys.map((key) => Sealer.create(key, random)));
  const shared = await appKeys(sealers, nameKey);
  return { source, shared, keysFor: () => Promise.resolve(shared) };
}

/**
 * A keyring that derives all keys from the app's own secret, for a store without a disk and without a server key.
 * After a reset of the app secret the store appears empty.
 */
export function appSecretKeyring(random: Random): Keyring {
  const known = new WeakMap<AppCredentials, Promise<AppKeys>>();
  const make = async (credentials: AppCredentials): Promise<AppKeys> => {
    const secret = utf8(credentials.appSecret.reveal());
    const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
    const bits = async (purpose: string): Promise<Bytes> => {
      const info = utf8(`feishu-token-mcp ${purpose}`);
      const { brand, recordBrand = brand, appId } = credentials;
      const salt = utf8(`${recordBrand}|${appId}`);
      const parameters = { name: "HKDF", hash: "SHA-256", salt, info };
      return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, 8 * SERVER_KEY_BYTES));
    };
    const sealer = await Sealer.create({ id: "app", bytes: await bits("server key") }, random);
    return appKeys([sealer], await bits("names"));
  };
  return {
    source: "app_secret",
    shared: null,
    keysFor(credentials): Promise<AppKeys> {
      let keys = known.get(credentials);
      if (keys === undefined) known.set(credentials, keys = make(credentials));
      return keys;
    },
  };
}

async function appKeys(sealers: readonly Sealer[], nameKey: Bytes): Promise<AppKeys> {
  const [sealer] = sealers;
  if (sealer === undefined) throw new RangeError("A keyring needs at least one key");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const hmac = await crypto.subtle.importKey("raw", nameKey, algorithm, false, ["sign"]);
  const hash = async (text: string): Promise<string> =>
    base64url(new Uint8Array(await crypto.subtle.sign("HMAC", hmac, utf8(text))).slice(0, HASH_BYTES));
  return {
    sealer,
    openers: new Map(sealers.map((each) => [each.keyId, each])),
    hash,
    storeId: () => hash("store"),
  };
}
