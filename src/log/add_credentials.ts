import { shownAppId } from "../credentials/shown_app_id.ts";
import type { AppCredentials } from "../ports/feishu.ts";
import { Secret } from "../secret.ts";
import type { Mask } from "./mask.ts";

/** Adds to `mask` what is secret of app credentials. */
export function addCredentials(mask: Mask, { appId, appSecret }: AppCredentials): void {
  mask.add(appSecret);
  // App ID and App Secret may have been swapped: then the id is the secret.
  if (shownAppId(appId) !== appId) mask.add(new Secret(appId));
}
