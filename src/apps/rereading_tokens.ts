import type { TokenService } from "../ports/tokens.ts";
import { type NewSecrets, withNewSecret } from "./with_new_secret.ts";

/** Decorates `service`: a call whose kept app has got a new secret is made again with that. */
export function rereadingTokens(service: TokenService, newSecrets: NewSecrets): TokenService {
  return {
    appToken: (credentials, minTtlMs, call) =>
      withNewSecret(credentials, newSecrets, (app) => service.appToken(app, minTtlMs, call)),
    tenantToken: (credentials, minTtlMs, call) =>
      withNewSecret(credentials, newSecrets, (app) => service.tenantToken(app, minTtlMs, call)),
    refreshUserToken: (credentials, refreshToken, call) =>
      withNewSecret(credentials, newSecrets, (app) => service.refreshUserToken(app, refreshToken, call)),
    replaceRejected: (credentials, rejected, call) =>
      withNewSecret(credentials, newSecrets, (app) => service.replaceRejected(app, rejected, call)),
    health: () => service.health(),
    drain: () => service.drain(),
  };
}
