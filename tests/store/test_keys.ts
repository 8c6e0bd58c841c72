import { type AppKeys, type Keyring, serverKeyring } from "../../src/store/sealing/keyring.ts";
import type { ServerKey } from "../../src/store/sealing/server_key.ts";
import { TEST_RANDOM } from "../support/test_random.ts";

/** A server key whose bytes are all `byte`, under the id `id`. */
export function testKey(id: string, byte: number): ServerKey {
  return { id, bytes: new Uint8Array(32).fill(byte) };
}

/** A keyring on `keys` whose name key has all bytes `nameByte`. */
export function testKeyring(
  keys: readonly [ServerKey, ...ServerKey[]] = [testKey("k1", 1)],
  nameByte = 9,
): Promise<Keyring> {
  return serverKeyring("environment", keys, new Uint8Array(32).fill(nameByte), TEST_RANDOM);
}

/** The keys of such a keyring. */
export async function testAppKeys(
  keys?: readonly [ServerKey, ...ServerKey[]],
  nameByte?: number,
): Promise<AppKeys> {
  const { shared } = await testKeyring(keys, nameByte);
  if (shared === null) throw new Error("Server keys open the values of every app");
  return shared;
}
