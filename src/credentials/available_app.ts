import { TokenError } from "../errors/token_error.ts";
import type { CredentialSource } from "../ports/credential_source.ts";
import type { AppCredentials } from "../ports/feishu.ts";

/** The app of `source`, for showing it; `undefined` where there are no valid credentials. */
export function availableApp(source: CredentialSource): AppCredentials | undefined {
  try {
    return source();
  } catch (error) {
    if (error instanceof TokenError) return undefined;
    throw error;
  }
}
