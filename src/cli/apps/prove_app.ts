import { credentialFault } from "../../credentials/credential_fault.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { AppCredentials } from "../../ports/feishu.ts";
import type { AppStage } from "./app_stage.ts";

const NAMES = { appId: "App ID", appSecret: "App Secret" } as const;

/**
 * Proves a pair: Feishu gives an app token for it. Until then it may be made up.
 *
 * @throws TokenError `credentials_malformed`, before Feishu is asked; why Feishu gave none.
 */
export async function proveApp(
  { brand, appId, appSecret }: AppCredentials,
  { server: { tokens, log, at } }: Pick<AppStage, "server">,
): Promise<void> {
  const fault = credentialFault({ appId, appSecret: appSecret.reveal(), names: NAMES });
  // Another Feishu than the brand's own may have other forms.
  if (fault !== undefined && at === undefined) {
    throw new TokenError("credentials_malformed", { detail: fault });
  }
  await tokens.appToken({ brand, appId, appSecret, isBrought: true }, 0, { log });
}
