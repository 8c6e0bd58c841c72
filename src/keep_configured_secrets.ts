import type { Config } from "./config.ts";
import type { Mask } from "./log/mask.ts";
import { Secret } from "./secret.ts";
import { shownAppId } from "./credentials/shown_app_id.ts";

/**
 * Lets `mask` know every secret of the configuration: each server key, each key of a caller, the app secret, an app id
 * that may be a secret.
 */
export function keepConfiguredSecrets(
  mask: Mask,
  { serverKey, callerKeys, credentials }: Pick<Config, "serverKey" | "callerKeys" | "credentials">,
): void {
  for (const key of serverKey?.reveal().split(/[\s,:]+/) ?? []) mask.keep(new Secret(key));
  for (const { key } of callerKeys) mask.keep(key);
  // Malformed credentials too: a value in the place of a secret may be a secret of something else.
  if ("credentials" in credentials) {
    const { appId, appSecret } = credentials.credentials;
    mask.keep(appSecret);
    if (shownAppId(appId) !== appId) mask.keep(new Secret(appId));
  }
}
