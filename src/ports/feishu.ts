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
 * - `pending`: no failure. The person has not decided yet: ask again when the answer says so.
 * - `ambiguous`: the token is spent, revoked or invalid; another process may have a newer one.
 * - `permanent`: no repeat helps, the user has to log in again.
 * - `config`: the app's credentials or settings are wrong; nothing is said about the token.
 * - `wrong_endpoint`: this generation of endpoints does not know the token; another may.
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
  /** Replaces the error table's texts, where Feishu's code says more. */
  readonly told?: ToldInstead;
  /** HTTP status of the answer. */
  readonly httpStatus: number;
  /** `X-Tt-Logid`, by which Feishu's support finds the request. */
  readonly logId?: string;
  /** How long Feishu asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** Outcome of one call to Feishu. It is never thrown: each case says what may be concluded. */
export type FeishuAnswer =
  | { readonly kind: "issued"; readonly token: IssuedToken; readonly logId?: string }
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

/**
 * Feishu's token endpoints. One call is one HTTP request: no retry, no cache, no decision beyond the table of codes.
 */
export interface FeishuPort {
  /** `auth/v3/app_access_token/internal`. */
  issueAppToken(request: AppTokenRequest): Promise<FeishuAnswer>;
  /** `auth/v3/tenant_access_token/internal`, for the tenant that a custom app belongs to. */
  issueTenantToken(request: AppTokenRequest): Promise<FeishuAnswer>;
  /** Presents a refresh token once. */
  refreshUserToken(request: RefreshRequest): Promise<FeishuAnswer>;
}
