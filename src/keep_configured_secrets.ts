import type { Config } from "./config.ts";
import type { Mask } from "./log/mask.ts";
import { Secret } from "./secret.ts";
import { shownAppId } from "./credentials/shown_app_id.ts";

/** Tells `mask` every secret of the configuration, also each of several server keys, and an app id that may be a secret. */
export function keepConfiguredSecrets(
  mask: Mask,
  { serverKey, credentials }: Pick<Config, "serverKey" | "credentials">,
): void {
  for (const key of serverKey?.reveal().split(/[\s,:]+/) ?? []) mask.keep(new Secret(key));
  // Those that cannot be Feishu's too: whatever stands where a secret belongs may be one, of something else.
  if ("credentials" in credentials) {
    const { appId, appSecret } = credentials.credentials;
    mask.keep(appSecret);
    if (shownAppId(appId) !== appId) mask.keep(new Secret(appId));
  }
}
