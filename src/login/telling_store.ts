import { joinPhrases } from "../errors/join_phrases.ts";
import type { Phrase } from "../errors/language.ts";
import { TokenError } from "../errors/token_error.ts";
import type { EndedLogin, KeptUserToken, LoginService } from "../ports/logins.ts";
import type { CallContext } from "../ports/tokens.ts";

/**
 * Decorates `service`: where nobody is logged in, the user of this machine is told in which store that is, since a program
 * that was started with other settings looks in another one. Other callers are told no place of the machine.
 *
 * @param place of the store, as messages show it.
 */
export function tellingStore(service: LoginService, place: Phrase): LoginService {
  async function telling<T>({ owner }: CallContext, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (owner !== "local" || !(error instanceof TokenError) || error.code !== "not_logged_in") throw error;
      const where: Phrase = { en: `the store is ${place.en}`, zh: `令牌存储为 ${place.zh}` };
      const { detail } = error.detail;
      throw new TokenError(error.code, {
        ...error.detail,
        detail: detail === undefined ? where : joinPhrases([detail, where]),
      });
    }
  }

  return {
    start: (credentials, request, call) => service.start(credentials, request, call),
    finish: (credentials, loginId, choice, call) => service.finish(credentials, loginId, choice, call),
    waiting: (credentials, call) => service.waiting(credentials, call),
    adopt: (credentials, refreshToken, call) => service.adopt(credentials, refreshToken, call),
    userToken: (credentials, request, call): Promise<KeptUserToken> =>
      telling(call, service.userToken(credentials, request, call)),
    logout: (credentials, user, call): Promise<EndedLogin> =>
      telling(call, service.logout(credentials, user, call)),
    list: (credentials, call) => service.list(credentials, call),
    keep: (credentials, call) => service.keep(credentials, call),
  };
}
