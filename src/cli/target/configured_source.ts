import { defined } from "../../defined.ts";
import type { ConfiguredCredentials } from "../../config.ts";
import { joinPhrases } from "../../errors/join_phrases.ts";
import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { CredentialSource } from "../../ports/credential_source.ts";
import type { AppCredentials } from "../../ports/feishu.ts";

/** The configured credentials for tool calls. Where there are none, the call fails and not the start (promise 8). */
export function configuredSource(configured: ConfiguredCredentials): CredentialSource {
  return (): AppCredentials => {
    switch (configured.kind) {
      case "complete":
        return configured.credentials;
      case "malformed":
        throw new TokenError("credentials_malformed", { detail: configured.fault });
      case "missing":
        throw new TokenError("credentials_missing", {
          ...defined({ detail: configured.hint }),
        });
      case "incomplete": {
        const { missing, hint } = configured;
        const detail: Phrase = { en: `${missing} is not set`, zh: `未设置 ${missing}` };
        throw new TokenError("credentials_incomplete", {
          detail: hint === undefined ? detail : joinPhrases([detail, hint]),
        });
      }
    }
  };
}
