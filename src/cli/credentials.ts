import type { ConfiguredCredentials } from "../config.ts";
import { TokenError } from "../errors/token_error.ts";
import type { CredentialSource } from "../ports/credential_source.ts";
import type { AppCredentials } from "../ports/feishu.ts";

/** The configured credentials as what a tool call asks: it is the call that fails when there are none, not the start. */
export function configuredSource(configured: ConfiguredCredentials): CredentialSource {
  return (): AppCredentials => {
    switch (configured.kind) {
      case "complete":
        return configured.credentials;
      case "missing":
        throw new TokenError("credentials_missing");
      case "incomplete":
        throw new TokenError("credentials_incomplete", {
          detail: { en: `${configured.missing} is not set`, zh: `未设置 ${configured.missing}` },
        });
    }
  };
}
