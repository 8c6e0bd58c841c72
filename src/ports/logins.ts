import type { Brand } from "../brand.ts";
import type { TokenError } from "../errors/token_error.ts";
import type { Secret } from "../secret.ts";
import type { AppCredentials, FeishuUser } from "./feishu.ts";
import type { CallContext } from "./tokens.ts";

/** What a login is to bring. */
export interface LoginRequest {
  /** Scopes to ask for. Without them the configured ones, those of the kept login, or what the app offers. */
  readonly scopes?: readonly string[];
  /** The `open_id` of the person who is expected: anybody else's authorization is refused. */
  readonly user?: string;
  /** Why it is needed, in the caller's words. For the person, in the message. */
  readonly purpose?: string;
  /** Whether the login of another person than the one kept is welcome. */
  readonly another?: boolean;
  /** Whether it replaces a kept login that has more scopes. */
  readonly replace?: boolean;
}

/** A login that waits for a person. */
export interface StartedLogin {
  /** The handle: it fetches the outcome, so that only its owner may have it. */
  readonly loginId: Secret;
  /** Page on which the person agrees, with the code filled in where Feishu offers that. */
  readonly verificationUrl: string;
  /** The code that the page shows or asks for. */
  readonly userCode: string;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
  /** The scopes asked for. */
  readonly scopes: readonly string[];
  /** Whether this call started it. Else one like it was waiting. */
  readonly isNew: boolean;
}

/** How a login stands. One that has failed is thrown as the error that says why. */
export type LoginProgress =
  | {
    readonly kind: "pending";
    /** When another call may know more, in milliseconds. */
    readonly retryAfterMs: number;
    /** Unix milliseconds. */
    readonly expiresAtMs: number;
    /** Whether the person has agreed already, so that only this server has work left. */
    readonly isApproved: boolean;
    /** What keeps it from going on, although it will be tried again. */
    readonly problem?: TokenError;
  }
  | {
    readonly kind: "done";
    readonly login: KeptLogin;
    /** Scopes that were asked for and not granted. */
    readonly missingScopes: readonly string[];
    /** What needs attention. */
    readonly warning?: TokenError;
  }
  | {
    readonly kind: "narrower";
    readonly user: LoginUser;
    /** Scopes of the login that is kept. */
    readonly keptScopes: readonly string[];
    /** Scopes of the new one. */
    readonly newScopes: readonly string[];
    /** Those of the kept one that the new one lacks. */
    readonly lostScopes: readonly string[];
    /** Unix milliseconds. Afterwards the kept one stays. */
    readonly decideByMs: number;
  };

/** A person, as the app sees them. */
export type LoginUser = Pick<FeishuUser, "openId" | "name" | "tenantKey">;

/** A kept login, for people and agents. It has no token. */
export interface KeptLogin {
  /** Brand of the app. */
  readonly brand: Brand;
  /** Id of the app. */
  readonly appId: string;
  /** Who authorized it. */
  readonly user: LoginUser;
  /** Space-separated, as Feishu gave it. */
  readonly scope: string;
  /** Unix milliseconds. */
  readonly accessTokenExpiresAtMs: number;
  /** Unix milliseconds; absent where there is no refresh token, or Feishu gave no end. */
  readonly refreshTokenExpiresAtMs?: number;
  /** When the authorization ends whatever is done, Unix milliseconds; absent where the token does not say. */
  readonly loginEndsAtMs?: number;
  /** Whether it can be renewed. */
  readonly renewable: boolean;
  /** Unix milliseconds. */
  readonly lastRenewedAtMs: number;
  /** When it is renewed although nobody asks, Unix milliseconds; absent where it is not. */
  readonly nextRenewalAtMs?: number;
  /** Whether only a new login helps. */
  readonly needsLogin: boolean;
  /** Why it was not renewed the last time. */
  readonly problem?: TokenError;
}

/** What a user token is needed for. */
export interface UserTokenRequest {
  /** `open_id` or name; needed where several people are logged in. */
  readonly user?: string;
  /** Scopes that the token must have. */
  readonly scopes?: readonly string[];
  /** How long it must still work, in milliseconds; at most an hour. */
  readonly minTtlMs: number;
}

/** A user token out of a kept login. Its refresh token never leaves the server. */
export interface KeptUserToken {
  /** The token itself. */
  readonly accessToken: Secret;
  /** Unix milliseconds, as Feishu granted it. */
  readonly expiresAtMs: number;
  /** Lifetime that Feishu granted, in milliseconds. */
  readonly lifetimeMs: number;
  /** `Bearer` wherever Feishu says anything. */
  readonly tokenType: string;
  /** Space-separated, as Feishu gave it. */
  readonly scope: string;
  /** Whose it is. */
  readonly user: LoginUser;
  /** What needs attention. */
  readonly warning?: TokenError;
}

/**
 * What Feishu was told of a logout.
 *
 * - `revoked`: it has ended the tokens.
 * - `refused`: it would not.
 * - `unknown`: it was asked, and its answer did not arrive.
 * - `not_sent`: it was not asked, since that could have ended another login of the same person, or there was nothing
 *   to revoke. The tokens are destroyed here, and end at Feishu by themselves.
 */
export type UpstreamRevocation = "revoked" | "refused" | "unknown" | "not_sent";

/** The outcome of a logout. */
export interface EndedLogin {
  /** Who was logged out. */
  readonly user: LoginUser;
  /** What Feishu was told. */
  readonly upstream: UpstreamRevocation;
}

/** The outcome of one round of keep-alive. */
export interface KeepReport {
  /** The logins that were renewed. */
  readonly renewed: readonly KeptLogin[];
  /** The logins that were due and were not renewed, each with its `problem`. */
  readonly failed: readonly KeptLogin[];
  /** The logins of apps whose secret this process does not have. */
  readonly withoutSecret: readonly KeptLogin[];
  /** All logins that can be renewed no more, or end by themselves within three days. */
  readonly ending: readonly KeptLogin[];
}

/**
 * Kept logins: how people log in, and what their logins are good for. For every expected failure a method throws
 * `TokenError` and nothing else. For a call without an owner it is `logins_unavailable`; on a store that cannot keep logins it is
 * `store_cannot_keep_logins`.
 */
export interface LoginService {
  /**
   * Starts a login by the device flow, or returns the one like it that waits: of the same owner, app, scopes and
   * expected person. From then on this process polls until it has an outcome, whether or not anyone asks.
   */
  start(credentials: AppCredentials, request: LoginRequest, call: CallContext): Promise<StartedLogin>;
  /**
   * How a login stands. It waits for no person. A finished login gives the same answer for a day.
   *
   * @throws TokenError `login_not_found` for an unknown handle and for another owner's alike; else why it failed.
   */
  finish(
    credentials: AppCredentials,
    loginId: Secret,
    choice: { readonly replace?: boolean },
    call: CallContext,
  ): Promise<LoginProgress>;
  /** The logins of the owner that wait for a person, the newest first. */
  waiting(credentials: AppCredentials, call: CallContext): Promise<readonly StartedLogin[]>;
  /**
   * Keeps the login that a refresh token of another tool belongs to. The refresh token is presented once: the other
   * tool's copy is dead from then on.
   */
  adopt(credentials: AppCredentials, refreshToken: Secret, call: CallContext): Promise<LoginProgress>;
  /**
   * A user token with at least `minTtlMs` left (promise 1).
   *
   * @throws TokenError `not_logged_in`, `user_ambiguous`, `scope_not_granted`, or why there is no newer token.
   */
  userToken(
    credentials: AppCredentials,
    request: UserTokenRequest,
    call: CallContext,
  ): Promise<KeptUserToken>;
  /** The owner's logins: of one app, or without `credentials` of every app in the store. */
  list(credentials: AppCredentials | null, call: CallContext): Promise<readonly KeptLogin[]>;
  /**
   * Ends a login, here and, where that can harm no other login, at Feishu.
   *
   * @param user `open_id` or name; absent for the only one.
   * @throws TokenError `not_logged_in` where there is no such login.
   */
  logout(credentials: AppCredentials, user: string | undefined, call: CallContext): Promise<EndedLogin>;
  /** Renews what is due of the apps whose secret is at hand. */
  keep(credentials: readonly AppCredentials[], call: CallContext): Promise<KeepReport>;
}
