import {
  createSessionCredentials,
  type SessionCredentialsOptions,
  withSessionAdvice,
} from "../../../src/http/session/session_credentials.ts";
import type { CredentialSource } from "../../../src/ports/credential_source.ts";
import type { Log } from "../../../src/ports/log.ts";
import { TEST_CREDENTIALS } from "../../mcp/memory_token_service.ts";

/** Finds the credentials that a request brings, else those of `environment`, as a server does. */
export function createSessionSource(
  options: Partial<SessionCredentialsOptions> = {},
  environment: CredentialSource = () => TEST_CREDENTIALS,
): (request: Request, log: Log) => CredentialSource {
  const brought = createSessionCredentials({ allowsQuerySecrets: true, ...options });
  const own = withSessionAdvice(environment);
  return (request, log) => brought(request, log) ?? own;
}
