import type { LoginService } from "../ports/logins.ts";
import { type NewSecrets, withNewSecret } from "./with_new_secret.ts";

/** Decorates `service`: a call whose kept app has got a new secret is made again with that. */
export function rereadingLogins(service: LoginService, newSecrets: NewSecrets): LoginService {
  return {
    start: (credentials, request, call) =>
      withNewSecret(credentials, newSecrets, (app) => service.start(app, request, call)),
    finish: (credentials, loginId, choice, call) =>
      withNewSecret(credentials, newSecrets, (app) => service.finish(app, loginId, choice, call)),
    waiting: (credentials, call) => service.waiting(credentials, call),
    adopt: (credentials, refreshToken, call) =>
      withNewSecret(credentials, newSecrets, (app) => service.adopt(app, refreshToken, call)),
    userToken: (credentials, request, call) =>
      withNewSecret(credentials, newSecrets, (app) => service.userToken(app, request, call)),
    list: (credentials, call) => service.list(credentials, call),
    logout: (credentials, user, call) =>
      withNewSecret(credentials, newSecrets, (app) => service.logout(app, user, call)),
    keep: (credentials, call) => service.keep(credentials, call),
  };
}
