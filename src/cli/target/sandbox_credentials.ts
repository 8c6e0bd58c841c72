import type { AppCredentials } from "../../ports/feishu.ts";
import { DEFAULT_SANDBOX_APP } from "../../sandbox/sandbox_apps.ts";
import { Secret } from "../../secret.ts";

/** The credentials of a sandbox's default app. */
export function sandboxCredentials(): AppCredentials {
  return {
    brand: "feishu",
    // The id of 0.1.0, which names the records: stores of 0.1.0 stay valid, and both versions can share one.
    appId: DEFAULT_SANDBOX_APP.formerAppId,
    shownAs: DEFAULT_SANDBOX_APP.appId,
    appSecret: new Secret(DEFAULT_SANDBOX_APP.appSecret),
  };
}
