import { TokenError } from "../../src/errors/token_error.ts";
import type { AppCredentials } from "../../src/ports/feishu.ts";
import type {
  EndedLogin,
  KeepReport,
  KeptLogin,
  KeptUserToken,
  LoginProgress,
  LoginRequest,
  LoginService,
  LoginUser,
  StartedLogin,
  UserTokenRequest,
} from "../../src/ports/logins.ts";
import type { CallContext } from "../../src/ports/tokens.ts";
import { Secret } from "../../src/secret.ts";

/** Who has logged in. */
export const TEST_USER: LoginUser = { openId: "ou_zhang", name: "Zhang San", tenantKey: "tk_1" };

/** A login service that answers what a test puts into it, and records what it was asked. */
export class MemoryLoginService implements LoginService {
  readonly started: LoginRequest[] = [];
  readonly finished: { readonly loginId: string; readonly replace?: boolean }[] = [];
  readonly wanted: UserTokenRequest[] = [];
  readonly listed: (AppCredentials | null)[] = [];
  readonly ended: (string | undefined)[] = [];
  readonly calls: CallContext[] = [];
  onStart: () => Promise<StartedLogin>;
  onFinish: () => Promise<LoginProgress>;
  onWaiting: () => Promise<readonly StartedLogin[]> = () => Promise.resolve([]);
  onUserToken: () => Promise<KeptUserToken>;
  onList: () => Promise<readonly KeptLogin[]>;
  onLogout: () => Promise<EndedLogin> = () => Promise.resolve({ user: TEST_USER, upstream: "revoked" });

  constructor(nowMs: number) {
    this.onStart = () =>
      Promise.resolve({
        loginId: new Secret("planted-login-id"),
        verificationUrl: "https://accounts.feishu.cn/oauth/v1/device/verify?flow_id=f_1&user_code=Z5QJ-KR82",
        userCode: "Z5QJ-KR82",
        expiresAtMs: nowMs + 600_000,
        scopes: ["docx:document"],
        isNew: true,
      });
    this.onFinish = () =>
      Promise.resolve({
        kind: "pending",
        retryAfterMs: 4200,
        expiresAtMs: nowMs + 600_999,
        isApproved: false,
      });
    this.onUserToken = () =>
      Promise.resolve({
        accessToken: new Secret("u-kept-token"),
        expiresAtMs: nowMs + 7_200_999,
        lifetimeMs: 7_200_000,
        tokenType: "Bearer",
        scope: "docx:document offline_access",
        user: TEST_USER,
      });
    this.onList = () => Promise.resolve([keptLogin(nowMs)]);
  }

  start(_credentials: AppCredentials, request: LoginRequest, call: CallContext): Promise<StartedLogin> {
    this.started.push(request);
    return this.#answer(call, this.onStart);
  }

  finish(
    _credentials: AppCredentials,
    loginId: Secret,
    choice: { readonly replace?: boolean },
    call: CallContext,
  ): Promise<LoginProgress> {
    this.finished.push({ loginId: loginId.reveal(), ...choice });
    return this.#answer(call, this.onFinish);
  }

  waiting(_credentials: AppCredentials, call: CallContext): Promise<readonly StartedLogin[]> {
    return this.#answer(call, this.onWaiting);
  }

  adopt(_credentials: AppCredentials, _refreshToken: Secret, call: CallContext): Promise<LoginProgress> {
    return this.#answer(call, this.onFinish);
  }

  userToken(
    _credentials: AppCredentials,
    request: UserTokenRequest,
    call: CallContext,
  ): Promise<KeptUserToken> {
    this.wanted.push(request);
    return this.#answer(call, this.onUserToken);
  }

  list(credentials: AppCredentials | null, call: CallContext): Promise<readonly KeptLogin[]> {
    this.listed.push(credentials);
    return this.#answer(call, this.onList);
  }

  logout(_credentials: AppCredentials, user: string | undefined, call: CallContext): Promise<EndedLogin> {
    this.ended.push(user);
    return this.#answer(call, this.onLogout);
  }

  keep(_credentials: readonly AppCredentials[], call: CallContext): Promise<KeepReport> {
    const nothing = { renewed: [], failed: [], withoutSecret: [], ending: [] };
    return this.#answer(call, () => Promise.resolve(nothing));
  }

  #answer<T>(call: CallContext, answer: () => Promise<T>): Promise<T> {
    this.calls.push(call);
    return call.owner === undefined ? Promise.reject(new TokenError("logins_unavailable")) : answer();
  }
}

/** A login that can be renewed, and has been so just now. */
export function keptLogin(nowMs: number): KeptLogin {
  return {
    brand: "feishu",
    appId: "cli_test",
    user: TEST_USER,
    scope: "docx:document offline_access",
    accessTokenExpiresAtMs: nowMs + 7_200_000,
    refreshTokenExpiresAtMs: nowMs + 604_800_000,
    loginEndsAtMs: nowMs + 31_536_000_000,
    renewable: true,
    lastRenewedAtMs: nowMs,
    nextRenewalAtMs: nowMs + 302_400_000,
    needsLogin: false,
  };
}
