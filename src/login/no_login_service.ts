import { TokenError } from "../errors/token_error.ts";
import type { LoginService } from "../ports/logins.ts";

/** The logins of a store that can keep none, since each app's secret is its key there. */
export function noLoginService(): LoginService {
  const refuse = (): Promise<never> => Promise.reject(new TokenError("store_cannot_keep_logins"));
  return {
    start: refuse,
    finish: refuse,
    waiting: refuse,
    adopt: refuse,
    userToken: refuse,
    list: refuse,
    logout: refuse,
    keep: refuse,
  };
}
