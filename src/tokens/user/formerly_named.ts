import type { AppCredentials } from "../../ports/feishu.ts";
import type { Fingerprints, TokenRecord } from "../../ports/store.ts";

/**
 * The same app, with the brand by which another setting would have named its records; `undefined` where there is no other.
 * Version 0.1.0 took an app of Lark for an app of Feishu where only the base URL said that it belongs to Lark.
 */
export function formerlyNamed(credentials: AppCredentials): AppCredentials | undefined {
  const { brand, recordBrand } = credentials;
  if (brand === "feishu") return undefined;
  return { ...credentials, recordBrand: recordBrand === undefined ? "feishu" : brand };
}

/** `record`, which was read under the names of `former`, with the fingerprints that it would have under `credentials`. */
export async function underOwnName(
  record: TokenRecord,
  former: AppCredentials,
  credentials: AppCredentials,
  fingerprints: Fingerprints,
): Promise<TokenRecord> {
  const { accessToken, refreshToken = accessToken } = record.token;
  const isSameSecret = record.secretFp === await fingerprints.ofAppSecret(former);
  return {
    ...record,
    fp: await fingerprints.ofToken(credentials, refreshToken),
    // Another secret remains unproven: its fingerprint equals none under `credentials`.
    secretFp: isSameSecret ? await fingerprints.ofAppSecret(credentials) : record.secretFp,
  };
}
