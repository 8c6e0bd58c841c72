import type {
  EndedLogin,
  KeepReport,
  KeptLogin,
  KeptUserToken,
  LoginProgress,
  LoginService,
  StartedLogin,
} from "../ports/logins.ts";
import { addCredentials } from "./add_credentials.ts";
import type { Mask } from "./mask.ts";

/**
 * Decorates `service`: every secret that a call brings or returns is added to `mask` before anything is done with it.
 * The handle of a login is one: it fetches the outcome.
 */
export function maskingLogins(service: LoginService, mask: Mask): LoginService {
  return {
    async start(credentials, request, call): Promise<StartedLogin> {
      addCredentials(mask, credentials);
      const started = await service.start(credentials, request, call);
      mask.add(started.loginId);
      return started;
    },
    async finish(credentials, loginId, choice, call): Promise<LoginProgress> {
      addCredentials(mask, credentials);
      mask.add(loginId);
      return await service.finish(credentials, loginId, choice, call);
    },
    async waiting(credentials, call): Promise<readonly StartedLogin[]> {
      addCredentials(mask, credentials);
      const waiting = await service.waiting(credentials, call);
      for (const { loginId } of waiting) mask.add(loginId);
      return waiting;
    },
    async adopt(credentials, refreshToken, call): Promise<LoginProgress> {
      addCredentials(mask, credentials);
      mask.add(refreshToken);
      return await service.adopt(credentials, refreshToken, call);
    },
    async userToken(credentials, request, call): Promise<KeptUserToken> {
      addCredentials(mask, credentials);
      const token = await service.userToken(credentials, request, call);
      mask.add(token.accessToken);
      return token;
    },
    async list(credentials, call): Promise<readonly KeptLogin[]> {
      if (credentials !== null) addCredentials(mask, credentials);
      return await service.list(credentials, call);
    },
    async logout(credentials, user, call): Promise<EndedLogin> {
      addCredentials(mask, credentials);
      return await service.logout(credentials, user, call);
    },
    async keep(credentials, call): Promise<KeepReport> {
      for (const each of credentials) addCredentials(mask, each);
      return await service.keep(credentials, call);
    },
  };
}
