import type { AppTokenResult, ReplacementToken, TokenService, UserTokenResult } from "../ports/tokens.ts";
import type { Secret } from "../secret.ts";
import { addCredentials } from "./add_credentials.ts";
import type { Mask } from "./mask.ts";

/**
 * Decorates `service`: every secret that a call brings or returns is added to `mask` before anything is done with it.
 * That includes secrets that never reach Feishu, since the store answers or the call fails first.
 */
export function maskingTokens(service: TokenService, mask: Mask): TokenService {
  return {
    async appToken(credentials, minTtlMs, call): Promise<AppTokenResult> {
      addCredentials(mask, credentials);
      const result = await service.appToken(credentials, minTtlMs, call);
      mask.add(result.accessToken);
      return result;
    },
    async tenantToken(credentials, minTtlMs, call): Promise<AppTokenResult> {
      addCredentials(mask, credentials);
      const result = await service.tenantToken(credentials, minTtlMs, call);
      mask.add(result.accessToken);
      return result;
    },
    async refreshUserToken(credentials, refreshToken, call): Promise<UserTokenResult> {
      addCredentials(mask, credentials);
      mask.add(refreshToken);
      const result = await service.refreshUserToken(credentials, refreshToken, call);
      addPair(mask, result);
      return result;
    },
    async replaceRejected(credentials, rejected, call): Promise<ReplacementToken> {
      addCredentials(mask, credentials);
      addPair(mask, rejected);
      const result = await service.replaceRejected(credentials, rejected, call);
      addPair(mask, result);
      return result;
    },
    health: () => service.health(),
    drain: () => service.drain(),
  };
}

function addPair(
  mask: Mask,
  pair: { readonly accessToken: Secret; readonly refreshToken?: Secret },
): void {
  mask.add(pair.accessToken);
  if (pair.refreshToken !== undefined) mask.add(pair.refreshToken);
}
