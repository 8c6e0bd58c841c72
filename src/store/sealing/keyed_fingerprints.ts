import type { AppCredentials } from "../../ports/feishu.ts";
import type { Fingerprints } from "../../ports/store.ts";
import type { Secret } from "../../secret.ts";
import type { Keyring } from "./keyring.ts";

/**
 * Fingerprints made with the store's name key. An app secret comes with every call, so it is hashed once per
 * credentials object.
 */
export function keyedFingerprints(keyring: Keyring): Fingerprints {
  const known = new WeakMap<AppCredentials, Promise<string>>();
  const hash = async (purpose: string, credentials: AppCredentials, value: Secret): Promise<string> => {
    const keys = await keyring.keysFor(credentials);
    const { brand, recordBrand = brand, appId } = credentials;
    return keys.hash(`${purpose} ${JSON.stringify([recordBrand, appId, value.reveal()])}`);
  };
  return {
    ofToken: (credentials, token) => hash("token", credentials, token),
    ofAppSecret(credentials): Promise<string> {
      let fingerprint = known.get(credentials);
      if (fingerprint === undefined) {
        known.set(credentials, fingerprint = hash("secret", credentials, credentials.appSecret));
      }
      return fingerprint;
    },
  };
}
