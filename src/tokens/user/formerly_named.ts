import type { AppCredentials } from "../../ports/feishu.ts";
import type { Fingerprints, TokenRecord } from "../../ports/store.ts";

/**
 * The same app, with records named by the brand that another setting would have named them by; `undefined` where none could
 * have. Version 0.1.0 took an app of Lark for one of Feishu where the base URL alone said that it is Lark's.
 */
export function formerlyNamed(credentials: AppCredentials): AppCredentials | undefined {
  const { brand, recordBrand } = credentials;
  if (brand === "feishu") return undefined;
  return { ...credentials, recordBrand: recordBrand === undefined ? "feishu" : brand };
}

/** `record`, which was found under `former`'s names, with the fingerprints that it would have under `credentials`' own. */
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
    // Another secret is left to be proven: no fingerprint of ours equals it.
    secretFp: isSameSecret ? await fingerprints.ofAppSecret(credentials) : record.secretFp,
  };
}
