import type { Brand } from "../brand.ts";
import type { ErrorCode } from "../errors/error_table.ts";
import type { Phrase } from "../errors/language.ts";
import type { Secret } from "../secret.ts";

/** What identifies an app towards Feishu, and proves that the caller may use it. */
export interface AppCredentials {
  /** Where the app was made. */
  readonly brand: Brand;
  /** For instance `cli_a1b2c3`. Not secret, but never written into a key in clear; a log shows it by `shownAppId()`. */
  readonly appId: string;
  /** Another id of the same app, by which people are told of it; `appId` where it is not given. */
  readonly shownAs?: string;
  /** Proves that the caller may use the app. */
  readonly appSecret: Secret;
  /**
   * Under which brand records are named, where not under their own: version 0.1.0 took an app of a base URL for one of
   * Feishu's, unless it was told the brand.
   */
  readonly recordBrand?: Brand;
  /** Whether they came with the call: then they may be made up, until Feishu has accepted them. Else they are the server's. */
  readonly isBrought?: boolean;
}

/**
 * The four generations of endpoints that take a refresh token. `v1` and `oidc` want an app token in `Authorization`,
 * `v2` and `v3` the app's id and secret in the body.
 */
export type RefreshEndpoint = "v1" | "oidc" | "v2" | "v3";

/** A token as Feishu issued it. Times are absolute, counted from before the request was sent. */
export interface IssuedToken {
  /** The app, tenant or user access token. */
  readonly accessToken: Secret;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
  /** What Feishu granted, in milliseconds, without what the request took. */
  readonly lifetimeMs: number;
  /** Single use. Absent for app and tenant tokens, and where the app has no `offline_access`. */
  readonly refreshToken?: Secret;
  /** Unix milliseconds; absent where Feishu did not say. */
  readonly refreshExpiresAtMs?: number;
  /** `Bearer` wherever Feishu says anything. User tokens only. */
  readonly tokenType?: string;
  /** Space-separated, as Feishu gave it. */
  readonly scope?: string;
  /** Whether it was read out of an answer that could not be parsed: lifetimes may be assumed. User tokens only. */
  readonly isSalvaged?: boolean;
}

/**
 * What a refusal means for the token that was presented.
 *
 * - `transient`: try again later with the same token.
 * - `pending`: no failure: the person has not decided yet. Ask again after `retryAfterMs`.
 * - `ambiguous`: spent, revoked or invalid; somebody may hold a newer one.
 * - `permanent`: no repeat helps, the user has to log in again.
 * - `config`: the app's credentials or settings have to be mended; says nothing of the token.
 * - `wrong_endpoint`: this generation of endpoint does not take the token or code; another may.
 * - `app_token`: the app token in `Authorization` was refused; says nothing of the refresh token.
 */
export type Verdict =
  | "transient"
  | "pending"
  | "ambiguous"
  | "permanent"
  | "config"
  | "wrong_endpoint"
  | "app_token";

/** What people are told of a failure instead of the table's words, where more is known. */
export interface ToldInstead {
  /** One clause: what happened. */
  readonly message: Phrase;
  /** One sentence: what to do now. `{console}` stands for the address of the developer console. */
  readonly nextStep: Phrase;
}

/** An answer of Feishu's that carries no token, read through the table of codes. */
export interface Refusal {
  /** What it means for the token. */
  readonly verdict: Verdict;
  /** Whether Feishu may have consumed the refresh token although it refused. */
  readonly mayHaveConsumed: boolean;
  /** Our own code for it. */
  readonly errorCode: ErrorCode;
  /** Feishu's code, where the answer had one. */
  readonly feishuCode?: number;
  /** What the answer was, for people, where it had none that says so. Never a part of it. */
  readonly detail?: Phrase;
  /** Where the code says more than our own code's texts do. */
  readonly told?: ToldInstead;
  /** Of the answer. */
  readonly httpStatus: number;
  /** `X-Tt-Logid`, which Feishu's support asks for. */
  readonly logId?: string;
  /** How long Feishu asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/**
 * What the first access token of a login says of the authorization; every rotation inherits it.
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

/** What came back where a call did not do what it was for. Never thrown: each arm says what may be concluded. */
export type FailedCall =
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** Feishu answered, and nothing can be read from it: whatever it did is done and unknown. */
  | {
    readonly kind: "unreadable";
    readonly httpStatus: number;
    readonly logId?: string;
    readonly detail: Phrase;
  }
  /**
   * No answer. `sent: false` means that no byte of the request left (no route, no name, no TLS): nothing was consumed.
   * `detail` is a short cause for people, without URL query or secret.
   */
  | {
    readonly kind: "unanswered";
    readonly sent: boolean;
    readonly timedOut: boolean;
    readonly detail: Phrase;
  };

/** The outcome of a call that asks for a token. */
export type FeishuAnswer =
  | {
    readonly kind: "issued";
    readonly token: IssuedToken;
    /** Of a login, where the access token has them. Read without a check of the signature: never a proof of anything. */
    readonly claims?: LoginClaims;
    readonly logId?: string;
  }
  | FailedCall;

/** Why one of Feishu's APIs refused a call although the access token was good. */
export interface ApiRefusal {
  /** Feishu's code. */
  readonly code: number;
  /** Feishu's meaning. */
  readonly meaning: Phrase;
  /** What helps instead of a new token. `{console}` stands for the address of the developer console. */
  readonly nextStep: Phrase;
}

/** Finds what a code of an API says of a call whose token was good; undefined where it says that the token is wrong. */
export type ApiRefusals = (code: number) => ApiRefusal | undefined;

/** What a refresh presents. */
export interface RefreshRequest {
  /** Where to present it. */
  readonly endpoint: RefreshEndpoint;
  /** The app. */
  readonly credentials: AppCredentials;
  /** Spent by an accepted call. */
  readonly refreshToken: Secret;
  /** Needed by `v1` and `oidc`. */
  readonly appToken?: Secret;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** What a request for an app or tenant token presents. */
export interface AppTokenRequest {
  /** The app. */
  readonly credentials: AppCredentials;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** The generations of endpoints at which a login ends: `v2` takes codes with PKCE for certain, `v3` is the newer one. */
export type LoginEndpoint = Extract<RefreshEndpoint, "v2" | "v3">;

/** What begins a login by the device flow. */
export interface DeviceStartRequest {
  /** The app. */
  readonly credentials: AppCredentials;
  /** Sent in this order, with `offline_access` behind them where it is missing. */
  readonly scopes: readonly string[];
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** A login by the device flow that waits for a person. */
export interface DeviceStart {
  /** Brings the tokens: it never leaves the server. */
  readonly deviceCode: Secret;
  /** What the person types, for instance `Z5QJ-KR82`. */
  readonly userCode: string;
  /** Where the person types it. */
  readonly verificationUrl: string;
  /** The same page with the code filled in, where Feishu gave it. */
  readonly completeUrl?: string;
  /** Unix milliseconds, counted from before the request was sent. */
  readonly expiresAtMs: number;
  /** Least pause between two polls, in milliseconds. */
  readonly intervalMs: number;
}

/** The outcome of beginning a login by the device flow. */
export type DeviceStartAnswer =
  | { readonly kind: "started"; readonly device: DeviceStart; readonly logId?: string }
  | FailedCall;

/** What one poll of the device flow presents. */
export interface DeviceRedeemRequest {
  /** Where to present it. */
  readonly endpoint: LoginEndpoint;
  /** The app that began the login. */
  readonly credentials: AppCredentials;
  /** Spent by the one poll that is answered with a pair. */
  readonly deviceCode: Secret;
  /** The pause kept before this poll, in milliseconds: a `pending` answer says from it how long the next one is. */
  readonly intervalMs: number;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** What the address of the page carries on which a person agrees in the browser. */
export interface AuthorizeRequest {
  /** The app. */
  readonly credentials: AppCredentials;
  /** Where Feishu sends the browser back to: registered in the developer console, byte for byte. */
  readonly redirectUri: string;
  /** With `offline_access` behind them where it is missing. */
  readonly scopes: readonly string[];
  /** Comes back with the code. */
  readonly state: Secret;
  /** 43 to 128 characters of `A-Z a-z 0-9 - . _ ~`. The address carries its SHA-256 alone. */
  readonly verifier: Secret;
}

/** What the exchange of an authorization code presents. */
export interface CodeRedeemRequest {
  /** Where to present it. */
  readonly endpoint: LoginEndpoint;
  /** The app that the person agreed to. */
  readonly credentials: AppCredentials;
  /** Spent by an accepted call. */
  readonly code: Secret;
  /** As in the address of the page. */
  readonly redirectUri: string;
  /** As in the address of the page; absent where that had no challenge. */
  readonly verifier?: Secret;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** What asks whose token it is. */
export interface UserInfoRequest {
  /** Where the app was made. */
  readonly brand: Brand;
  /** The user's. */
  readonly accessToken: Secret;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** The person behind a user token, as the app sees them. Nothing else identifies anybody: e-mail and phone are unverified. */
export interface FeishuUser {
  /** `ou_…`: another one for each app. */
  readonly openId: string;
  /** For people: no control characters, 200 characters at most. */
  readonly name?: string;
  /** Of the person's company. */
  readonly tenantKey?: string;
  /** `on_…`: the same for every app of one developer. */
  readonly unionId?: string;
}

/** The outcome of asking whose token it is. */
export type UserInfoAnswer =
  | { readonly kind: "user"; readonly user: FeishuUser; readonly logId?: string }
  | FailedCall;

/** What a revocation presents. */
export interface RevokeRequest {
  /** The app that the token was issued to. */
  readonly credentials: AppCredentials;
  /** What is to end. */
  readonly token: Secret;
  /** What it is. */
  readonly tokenType: "refresh_token" | "access_token";
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** The outcome of a revocation. A repeat is harmless; of a token that had ended before, `ambiguous` or `permanent` says so. */
export type RevokeAnswer =
  | { readonly kind: "revoked"; readonly logId?: string }
  | FailedCall;

/**
 * Feishu's endpoints of tokens and logins. One call is one HTTP request: no retry, no cache, no judgement beyond the table
 * of codes.
 */
export interface FeishuPort {
  /** `auth/v3/app_access_token/internal`. */
  issueAppToken(request: AppTokenRequest): Promise<FeishuAnswer>;
  /** `auth/v3/tenant_access_token/internal`: of the tenant that a custom app belongs to. */
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
  /** `oauth/v1/revoke`. */
  revoke(request: RevokeRequest): Promise<RevokeAnswer>;
}
