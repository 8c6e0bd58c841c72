import type { Brand } from "../brand.ts";
import type { ErrorCode } from "../errors/error_table.ts";
import type { Phrase } from "../errors/language.ts";
import type { Secret } from "../secret.ts";

/** Identifies an app to Feishu, and proves that the caller may use it. */
export interface AppCredentials {
  /** Where the app was created. */
  readonly brand: Brand;
  /**
   * For instance `cli_a1b2c3`. Not a secret, but never in clear in a key of the store; logs show it by `shownAppId()`.
   */
  readonly appId: string;
  /** Another id of the same app, which messages show to people; `appId` where absent. */
  readonly shownAs?: string;
  /** The proof. */
  readonly appSecret: Secret;
  /**
   * Brand that the app's records are named by, where it is not `brand`. Version 0.1.0 took an app of a base URL for an
   * app of Feishu unless the brand was set.
   */
  readonly recordBrand?: Brand;
  /**
   * Whether they came with the call, so that they may be made up until Feishu has accepted them. Else the server has
   * them.
   */
  readonly isBrought?: boolean;
}

/**
 * The four generations of endpoints that take a refresh token. `v1` and `oidc` need an app token in `Authorization`;
 * `v2` and `v3` need the app's id and secret in the body.
 */
export type RefreshEndpoint = "v1" | "oidc" | "v2" | "v3";

/** A token as Feishu issued it. Times are absolute, counted from before the request was sent. */
export interface IssuedToken {
  /** The app, tenant or user access token. */
  readonly accessToken: Secret;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
  /** Lifetime that Feishu granted, in milliseconds, not reduced by the time that the request took. */
  readonly lifetimeMs: number;
  /** Single use. Absent for app and tenant tokens, and where the app has no `offline_access`. */
  readonly refreshToken?: Secret;
  /** Unix milliseconds; absent where Feishu did not say. */
  readonly refreshExpiresAtMs?: number;
  /** `Bearer` wherever Feishu says anything. User tokens only. */
  readonly tokenType?: string;
  /** Space-separated, as Feishu gave it. */
  readonly scope?: string;
  /**
   * Whether it was read out of an answer that could not be parsed; its lifetimes may be assumed ones. User tokens only.
   */
  readonly isSalvaged?: boolean;
}

/**
 * What a refusal means for the token that was presented.
 *
 * - `transient`: the same token may be presented again later.
 * - `pending`: no failure. The person has not decided yet: ask again after `retryAfterMs`.
 * - `ambiguous`: the token is spent, revoked or invalid; another process may have a newer one.
 * - `permanent`: no repeat helps, the user has to log in again.
 * - `config`: the app's credentials or settings are wrong; nothing is said about the token.
 * - `wrong_endpoint`: this generation of endpoints does not take the token or code; another may.
 * - `app_token`: the app token in `Authorization` was refused; nothing is said about the refresh token.
 */
export type Verdict =
  | "transient"
  | "pending"
  | "ambiguous"
  | "permanent"
  | "config"
  | "wrong_endpoint"
  | "app_token";

/** Texts about a failure that replace those of the error table, where more is known. */
export interface ToldInstead {
  /** One clause: what happened. */
  readonly message: Phrase;
  /** One sentence: what to do now. May hold placeholders of `fillPlaceholders`. */
  readonly nextStep: Phrase;
}

/** An answer of Feishu without a token, read by the table of codes. */
export interface Refusal {
  /** Meaning for the token. */
  readonly verdict: Verdict;
  /** Whether Feishu may have consumed the refresh token although it refused. */
  readonly mayHaveConsumed: boolean;
  /** Code of the error table. */
  readonly errorCode: ErrorCode;
  /** Feishu's code, where the answer had one. */
  readonly feishuCode?: number;
  /** Description of the answer for people, where it has no code of Feishu's. Never quotes the answer. */
  readonly detail?: Phrase;
  /**
   * Replaces the error table's texts, where the form of the answer says more. What Feishu's code says more is in
   * `FEISHU_CODE_TEXTS`.
   */
  readonly told?: ToldInstead;
  /**
   * The page of Feishu's on which the person passes a security check (21000, 21001); then the same token works. It may
   * have a query, and so is shown to the caller and never logged.
   */
  readonly challengeUrl?: string;
  /** HTTP status of the answer. */
  readonly httpStatus: number;
  /** `X-Tt-Logid`, by which Feishu's support finds the request. */
  readonly logId?: string;
  /** How long Feishu asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/**
 * What the first access token of a login says of the authorization. Every rotation inherits it.
 *
 * @see `docs/renewal.md`, "Grants"
 */
export interface LoginClaims {
  /** `auth_id`: of one authorization. */
  readonly id: string;
  /** `auth_time`, Unix seconds by Feishu's clock. */
  readonly timeS: number;
  /** `auth_exp`, Unix seconds: no rotation lives longer. */
  readonly endsS?: number;
}

/** Outcome of a call that failed. It is never thrown: each case says what may be concluded. */
export type FailedCall =
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** Feishu has answered, and the answer cannot be read: the token may be spent. */
  | {
    readonly kind: "unreadable";
    readonly httpStatus: number;
    readonly logId?: string;
    readonly detail: Phrase;
  }
  /**
   * No answer came. With `sent: false` no byte of the request has left (no route, no name, no TLS), so nothing was
   * consumed. `detail` is a short cause for people, without URL query or secret.
   */
  | {
    readonly kind: "unanswered";
    readonly sent: boolean;
    readonly timedOut: boolean;
    readonly detail: Phrase;
  };

/** Outcome of a call that asks for a token. */
export type FeishuAnswer =
  | {
    readonly kind: "issued";
    readonly token: IssuedToken;
    /**
     * Of the authorization, where a token of `v2` or `v3` has them. The signature is not checked: they never prove
     * anything. A renewal ignores them, since a record inherits those of its login.
     */
    readonly claims?: LoginClaims;
    readonly logId?: string;
  }
  | FailedCall;

/** The reason why one of Feishu's APIs refused a call although the access token was good. */
export interface ApiRefusal {
  /** Feishu's code. */
  readonly code: number;
  /** What Feishu means by the code. */
  readonly meaning: Phrase;
  /** What helps instead of a new token. May hold placeholders of `fillPlaceholders`. */
  readonly nextStep: Phrase;
}

/** Finds the meaning of an API's code that says nothing against the token; `undefined` for any other code. */
export type ApiRefusals = (code: number) => ApiRefusal | undefined;

/** Request to spend a refresh token. */
export interface RefreshRequest {
  /** Generation of the endpoint. */
  readonly endpoint: RefreshEndpoint;
  /** The app. */
  readonly credentials: AppCredentials;
  /** An accepted call spends it. */
  readonly refreshToken: Secret;
  /** Needed by `v1` and `oidc`. */
  readonly appToken?: Secret;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** Request for an app or tenant token. */
export interface AppTokenRequest {
  /** The app. */
  readonly credentials: AppCredentials;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** The two generations of endpoints that redeem the code of a login. `v2` certainly takes codes with PKCE; `v3` is newer. */
export type LoginEndpoint = Extract<RefreshEndpoint, "v2" | "v3">;

/** Request to start a login by the device flow. */
export interface DeviceStartRequest {
  /** The app. */
  readonly credentials: AppCredentials;
  /** Sent in this order, followed by `offline_access` where it is missing. */
  readonly scopes: readonly string[];
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** A login by the device flow that waits for a person. */
export interface DeviceStart {
  /** Redeemed for the tokens: it never leaves the server. */
  readonly deviceCode: Secret;
  /** The code that the person types, for instance `Z5QJ-KR82`. */
  readonly userCode: string;
  /** Page on which the person types it. */
  readonly verificationUrl: string;
  /** The same page with the code filled in; absent where Feishu gave none. */
  readonly completeUrl?: string;
  /** Unix milliseconds, counted from before the request was sent. */
  readonly expiresAtMs: number;
  /** Shortest pause between two polls, in milliseconds. */
  readonly intervalMs: number;
}

/** Outcome of the start of a login by the device flow. */
export type DeviceStartAnswer =
  | { readonly kind: "started"; readonly device: DeviceStart; readonly logId?: string }
  | FailedCall;

/** Request to redeem a device code: one poll. */
export interface DeviceRedeemRequest {
  /** Generation of the endpoint. */
  readonly endpoint: LoginEndpoint;
  /** The app that started the login. */
  readonly credentials: AppCredentials;
  /** The poll that is answered with a pair spends it. */
  readonly deviceCode: Secret;
  /** The pause before this poll, in milliseconds. From it a `pending` answer computes the next one. */
  readonly intervalMs: number;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** Contents of the address at which a person agrees in the browser. */
export interface AuthorizeRequest {
  /** The app. */
  readonly credentials: AppCredentials;
  /** Address to which Feishu sends the browser back. The developer console has it, byte for byte. */
  readonly redirectUri: string;
  /** Followed by `offline_access` where it is missing. */
  readonly scopes: readonly string[];
  /** Feishu sends it back with the code. */
  readonly state: Secret;
  /** 43 to 128 characters of `A-Z a-z 0-9 - . _ ~`. The address has only its SHA-256. */
  readonly verifier: Secret;
}

/** Request to redeem an authorization code. */
export interface CodeRedeemRequest {
  /** Generation of the endpoint. */
  readonly endpoint: LoginEndpoint;
  /** The app that the person agreed to. */
  readonly credentials: AppCredentials;
  /** An accepted call spends it. */
  readonly code: Secret;
  /** As in the address of the page. */
  readonly redirectUri: string;
  /** Of the challenge in the address of the page; absent where it had none. */
  readonly verifier?: Secret;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** Request for the user of an access token. */
export interface UserInfoRequest {
  /** Where the app was created. */
  readonly brand: Brand;
  /** Access token of the user. */
  readonly accessToken: Secret;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** The user of a token, as the app sees them. Feishu's e-mail and phone are not verified, and so identify nobody. */
export interface FeishuUser {
  /** `ou_…`: different for each app. */
  readonly openId: string;
  /** For people: without control characters, at most 200 characters. */
  readonly name?: string;
  /** Of the user's tenant. */
  readonly tenantKey?: string;
  /** `on_…`: the same for all apps of one developer. */
  readonly unionId?: string;
}

/** Outcome of the request for the user of an access token. */
export type UserInfoAnswer =
  | { readonly kind: "user"; readonly user: FeishuUser; readonly logId?: string }
  | FailedCall;

/** Request for the scopes of an app. */
export interface AppScopesRequest {
  /** The app, which asks about itself. */
  readonly credentials: AppCredentials;
  /** A tenant token of the app. */
  readonly tenantToken: Secret;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** A scope that is enabled for an app. */
export interface AppScope {
  /** For instance `docx:document`. */
  readonly name: string;
  /** Whether a user token may have it. `true` where Feishu does not say. */
  readonly forUsers: boolean;
  /** Whether a tenant token has it. `true` where Feishu does not say. */
  readonly forTenants: boolean;
}

/** Outcome of the request for the scopes of an app. Scopes whose name cannot be read are left out. */
export type AppScopesAnswer =
  | { readonly kind: "scopes"; readonly scopes: readonly AppScope[]; readonly logId?: string }
  | FailedCall;

/** Request to revoke a token. */
export interface RevokeRequest {
  /** The app to which the token was issued. */
  readonly credentials: AppCredentials;
  /** The token to revoke. */
  readonly token: Secret;
  /** Its kind. */
  readonly tokenType: "refresh_token" | "access_token";
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Outcome of a revocation. A repeat is harmless. A token that had ended before is refused as `ambiguous` or `permanent`.
 */
export type RevokeAnswer =
  | { readonly kind: "revoked"; readonly logId?: string }
  | FailedCall;

/**
 * Feishu's endpoints of tokens and logins. One call is one HTTP request: no retry, no cache, no decision beyond the
 * table of codes.
 */
export interface FeishuPort {
  /** `auth/v3/app_access_token/internal`. */
  issueAppToken(request: AppTokenRequest): Promise<FeishuAnswer>;
  /** `auth/v3/tenant_access_token/internal`, for the tenant that a custom app belongs to. */
  issueTenantToken(request: AppTokenRequest): Promise<FeishuAnswer>;
  /** Presents a refresh token once. */
  refreshUserToken(request: RefreshRequest): Promise<FeishuAnswer>;
  /** `oauth/v1/device_authorization`. */
  startDevice(request: DeviceStartRequest): Promise<DeviceStartAnswer>;
  /** Presents a device code once. `pending` says in `retryAfterMs` which interval to keep from now on. */
  redeemDeviceCode(request: DeviceRedeemRequest): Promise<FeishuAnswer>;
  /** The address of `authen/v1/authorize` with a challenge for `verifier`. Nothing is sent. */
  authorizeUrl(request: AuthorizeRequest): string;
  /** Presents an authorization code once. `nextCodeEndpoint()` says whether the other endpoint may take it. */
  redeemCode(request: CodeRedeemRequest): Promise<FeishuAnswer>;
  /** `authen/v1/user_info`. */
  userInfo(request: UserInfoRequest): Promise<UserInfoAnswer>;
  /** `application/v6/applications` for the app itself: the scopes that the console has enabled for the app. */
  appScopes(request: AppScopesRequest): Promise<AppScopesAnswer>;
  /** `oauth/v1/revoke`. */
  revoke(request: RevokeRequest): Promise<RevokeAnswer>;
}
