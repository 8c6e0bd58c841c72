import type { AppTokenResult, TokenService, UserTokenResult } from "../ports/tokens.ts";
import type { Mask } from "./mask.ts";

/**
 * `service`, with every secret that a call brings or takes away made known to `mask`, before anything is done with it:
 * also those that never reach Feishu, because the store answers or the call fails first.
 */
export function maskingTokens(service: TokenService, mask: Mask): TokenService {
  return {
    async appToken(credentials, minTtlMs, call): Promise<AppTokenResult> {
      mask.add(credentials.appSecret);
      const result = await service.appToken(credentials, minTtlMs, call);
      mask.add(result.accessToken);
      return result;
    },
    async refreshUserToken(credentials, refreshToken, call): Promise<UserTokenResult> {
      mask.add(credentials.appSecret);
      mask.add(refreshToken);
      const result = await service.refreshUserToken(credentials, refreshToken, call);
      mask.add(result.accessToken);
      if (result.refreshToken !== undefined) mask.add(result.refreshToken);
      return result;
    },
    health: () => service.health(),
    drain: () => service.drain(),
  };
}
