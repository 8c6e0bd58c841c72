import { defined } from "../defined.ts";
import type { ErrorCode } from "../errors/error_table.ts";
import type { Verdict } from "../ports/feishu.ts";

/**
 * Every family of endpoints: `auth` (`auth/v3/…/internal`), `legacy` (`authen/v1` and its `oidc`), `oauth`
 * (`authen/v2/oauth/token` and `oauth/v3/token` for a refresh), `device` (the start of the device flow, and its polls
 * at the same two paths), `code` (the exchange of an authorization code there), `user` (`authen/v1/user_info`), `app`
 * (`application/v6/applications`), `revoke` (`oauth/v1/revoke`).
 */
export const ENDPOINT_FAMILIES = [
  "auth",
  "legacy",
  "oauth",
  "device",
  "code",
  "user",
  "app",
  "revoke",
] as const;

/** The endpoints that an answer came from: one of {@linkcode ENDPOINT_FAMILIES}. */
export type EndpointFamily = (typeof ENDPOINT_FAMILIES)[number];

/** What one of Feishu's codes means for the token, the code or the app secret that was presented. */
export interface CodeRow {
  /** Feishu's code. */
  readonly code: number;
  /** Absent for all of them. */
  readonly families?: readonly EndpointFamily[];
  /** For the token that was presented. */
  readonly verdict: Verdict;
  /** Whether Feishu may have consumed the refresh token, device code or authorization code although it refused. */
  readonly mayHaveConsumed: boolean;
  /** This program's own code. */
  readonly errorCode: ErrorCode;
  /** Feishu's meaning, for `docs/errors.md`. */
  readonly meaning: string;
}

/** What an error name of OAuth means in an answer without a known code. */
export interface OAuthErrorRow extends Omit<CodeRow, "code"> {
  /** Value of the field `error`. */
  readonly error: string;
}

type Effect = Pick<CodeRow, "verdict" | "mayHaveConsumed" | "errorCode">;

const AUTH: readonly EndpointFamily[] = ["auth"];
const LEGACY: readonly EndpointFamily[] = ["legacy"];
const REFRESH: readonly EndpointFamily[] = ["legacy", "oauth"];
const DEVICE: readonly EndpointFamily[] = ["device"];
const CODE: readonly EndpointFamily[] = ["code"];
const USER_INFO: readonly EndpointFamily[] = ["user"];
const REVOKE: readonly EndpointFamily[] = ["revoke"];
/** Endpoints with an app or tenant token in Authorization. */
const APP_TOKEN_TAKEN: readonly EndpointFamily[] = [...LEGACY, "app"];
/** Endpoints that take the code of a login, then all the others. */
const LOGIN_CODES: readonly EndpointFamily[] = [...DEVICE, ...CODE];
const NOT_LOGIN: readonly EndpointFamily[] = ENDPOINT_FAMILIES.filter((family) =>
  !LOGIN_CODES.includes(family)
);
/** Endpoints that take a refresh token, to exchange or to revoke it, and so may say that it has ended. */
const REFRESH_TOKEN: readonly EndpointFamily[] = [...REFRESH, ...REVOKE];
/** Endpoints of logins. Only the token or the code varies between their requests. */
const LOGIN: readonly EndpointFamily[] = [...DEVICE, ...CODE, ...USER_INFO, "app", ...REVOKE];
const NOT_USER_INFO: readonly EndpointFamily[] = ENDPOINT_FAMILIES.filter((family) => family !== "user");

const CREDENTIALS = effect("config", "credentials_refused");
const APP = effect("config", "app_not_permitted");
const SPENT = effect("ambiguous", "refresh_token_spent");
const UNKNOWN_TOKEN = effect("ambiguous", "refresh_token_invalid");
const OTHER_GENERATION = effect("wrong_endpoint", "refresh_token_invalid");
const EXPIRED = effect("permanent", "refresh_token_expired");
const FOREIGN = effect("permanent", "refresh_token_foreign");
// Transient, although a retry alone does not help: an administrator or the user can undo it, and then the same token
// works.
const USER = effect("transient", "user_unavailable");
const SECURITY = effect("transient", "authorization_required");
// The code of a login expires before an administrator can act. Repeated calls would end as expired and hide the reason.
const LOGIN_USER = effect("permanent", "user_unavailable");
const RATE = effect("transient", "rate_limited");
const UNAVAILABLE = effect("transient", "feishu_unavailable");
// The only refusals after which it is not known whether the refresh token was consumed.
const BROKEN: Effect = { ...effect("transient", "feishu_unavailable"), mayHaveConsumed: true };
// One refusal of an app token proves nothing: secrets are reset, and tokens revoked before they expire. If a fresh
// one is refused too, the app's credentials or its state are the most likely cause.
const APP_TOKEN = effect("app_token", "credentials_refused");
// Only the token varies in a refresh, so that "malformed" most likely means garbage in its place. That is no proof:
// if Feishu began to require another field, it would answer so to every valid token. `config` writes no mark, so no
// login is lost.
const MALFORMED = effect("config", "refresh_token_invalid");
// Refusals of fields that are never sent, or always the same: a mistake of this program, or a host that is not Feishu.
const OUR_MISTAKE = effect("config", "feishu_refused");
const WRONG_PATH = effect("config", "feishu_unavailable");
const PENDING = effect("pending", "login_pending");
const DENIED = effect("permanent", "login_denied");
const LOGIN_EXPIRED = effect("permanent", "login_expired");
// Feishu says the same of a device code that is unknown, redeemed or expired. Polls stop when the code expires. So while
// they continue, an earlier poll most likely redeemed the code, and the answer with the pair was lost.
const DEVICE_CODE_GONE = effect("ambiguous", "login_outcome_unknown");
const CODE_GONE = effect("ambiguous", "login_code_invalid");
const OTHER_CODE_ENDPOINT = effect("wrong_endpoint", "login_code_invalid");
const FOREIGN_CODE = effect("permanent", "login_code_foreign");
const REDIRECT = effect("config", "redirect_uri_mismatch");
const SCOPE_UNKNOWN = effect("config", "scope_unknown");
const SCOPE_NOT_GRANTED = effect("permanent", "scope_not_granted");
// Only the access token is refused. The refresh token issued with it may still be good; only a refresh shows that.
const ACCESS_TOKEN = effect("ambiguous", "not_logged_in");

/**
 * Every code that the endpoints of tokens and logins are known to answer, once for each family and meaning. Only this
 * table turns Feishu's codes into ours. A code of another family is read as unknown, which never costs a login: for
 * example, a refresh that is answered with a code of authorization codes. What an API's code says of a token is in
 * `api_code_table.ts`.
 *
 * @see https://open.feishu.cn/document/ukTMukTMukTM/ugjM14COyUjL4ITN
 */
export const CODE_TABLE: readonly CodeRow[] = [
  row(10003, CREDENTIALS, "a field is missing, or the app id does not exist", AUTH),
  row(10003, MALFORMED, "invalid parameter", REFRESH),
  row(10003, OUR_MISTAKE, "invalid parameter", LOGIN),
  row(10005, CREDENTIALS, "the app or tenant of the request is not authorized"),
  row(10014, CREDENTIALS, "wrong app secret, or the app is disabled"),
  row(10015, CREDENTIALS, "wrong app secret"),
  row(20002, CREDENTIALS, "wrong client secret"),
  row(20025, CREDENTIALS, "app id or app secret missing"),
  row(20028, CREDENTIALS, "bad app id"),
  row(20035, CREDENTIALS, "wrong app id or app secret"),
  row(20046, CREDENTIALS, "the app belongs to the other brand's host"),
  row(20048, CREDENTIALS, "the app does not exist"),
  row(99991543, CREDENTIALS, "app id or app secret does not exist"),

  row(20009, APP, "the tenant has not installed the app"),
  row(20042, APP, "the app is disabled"),
  row(20069, APP, "the app is not enabled"),
  row(20074, APP, "the app is not allowed to refresh tokens"),
  row(99991401, APP, "this IP address is not on the app's list"),
  row(99991403, APP, "the month's quota is used up"),
  row(99991662, APP, "the app is not in use"),
  row(99991672, APP, "the app lacks a scope"),
  row(99991673, APP, "the app's status is unavailable"),
  row(99991676, APP, "the token in Authorization lacks a permission"),
  row(99991679, APP, "a scope was not granted", NOT_USER_INFO),
  row(99991679, SCOPE_NOT_GRANTED, "a scope was not granted", USER_INFO),

  row(20064, SPENT, "the refresh token was revoked; it can be used once", REFRESH_TOKEN),
  row(20073, SPENT, "the refresh token was used", REFRESH_TOKEN),
  row(
    20026,
    OTHER_GENERATION,
    "the refresh token is invalid, or another generation of endpoint issued it",
    REFRESH,
  ),
  row(20026, UNKNOWN_TOKEN, "the refresh token is invalid", REVOKE),
  row(20038, UNKNOWN_TOKEN, "the refresh token was not found: an old one, or expired", REFRESH_TOKEN),
  row(99991669, UNKNOWN_TOKEN, "the refresh token is invalid", REFRESH_TOKEN),
  row(
    20037,
    EXPIRED,
    "the refresh token has expired, or 365 days have passed since the authorization",
    REFRESH_TOKEN,
  ),
  row(20024, FOREIGN, "the refresh token belongs to another app", REFRESH_TOKEN),

  row(20094, PENDING, "the user has not decided yet", DEVICE),
  row(20095, PENDING, "polled too fast", DEVICE),
  row(20079, DEVICE_CODE_GONE, "the device code is unknown, was redeemed, or has expired", DEVICE),

  row(20003, CODE_GONE, "the authorization code was not found, or was used", CODE),
  row(20065, CODE_GONE, "the authorization code was used", CODE),
  row(20004, LOGIN_EXPIRED, "the authorization code has expired", CODE),
  row(20024, FOREIGN_CODE, "the authorization code belongs to another app", CODE),
  row(20049, OTHER_CODE_ENDPOINT, "the verifier does not match the code", CODE),
  row(20071, REDIRECT, "the redirect URI differs from that of the authorization", CODE),

  row(20005, ACCESS_TOKEN, "the user token is invalid", USER_INFO),
  row(99991661, ACCESS_TOKEN, "no token in Authorization", USER_INFO),
  row(
    99991663,
    ACCESS_TOKEN,
    "the token in Authorization is taken for a tenant token, and invalid",
    USER_INFO,
  ),
  row(99991668, ACCESS_TOKEN, "the user token is invalid", USER_INFO),
  row(99991671, ACCESS_TOKEN, "the token in Authorization has an unknown prefix", USER_INFO),
  row(99991677, ACCESS_TOKEN, "the user token has expired", USER_INFO),

  row(20008, USER, "the user does not exist", NOT_LOGIN),
  row(20008, LOGIN_USER, "the user does not exist", LOGIN_CODES),
  row(20010, USER, "the user has no permission to use this app", NOT_LOGIN),
  row(20010, LOGIN_USER, "the user has no permission to use this app", LOGIN_CODES),
  row(20021, USER, "the user has resigned", NOT_LOGIN),
  row(20021, LOGIN_USER, "the user has resigned", LOGIN_CODES),
  row(20022, USER, "the user is frozen", NOT_LOGIN),
  row(20022, LOGIN_USER, "the user is frozen", LOGIN_CODES),
  row(20023, USER, "the user is not registered", NOT_LOGIN),
  row(20023, LOGIN_USER, "the user is not registered", LOGIN_CODES),
  row(20066, USER, "the user's status is invalid", NOT_LOGIN),
  row(20066, LOGIN_USER, "the user's status is invalid", LOGIN_CODES),
  row(21000, SECURITY, "a security policy asks for a challenge"),
  row(21001, SECURITY, "a security policy denies access"),

  row(20013, APP_TOKEN, "the tenant token in Authorization is invalid", APP_TOKEN_TAKEN),
  row(20014, APP_TOKEN, "the app token in Authorization is invalid", APP_TOKEN_TAKEN),
  row(99991661, APP_TOKEN, "no token in Authorization", APP_TOKEN_TAKEN),
  row(99991663, APP_TOKEN, "the tenant token in Authorization is invalid or expired", APP_TOKEN_TAKEN),
  row(99991664, APP_TOKEN, "the app token in Authorization is invalid", APP_TOKEN_TAKEN),
  row(99991665, APP_TOKEN, "the tenant token in Authorization is unlawful", APP_TOKEN_TAKEN),
  row(
    99991668,
    APP_TOKEN,
    "the token in Authorization is taken for a user token, and invalid",
    APP_TOKEN_TAKEN,
  ),
  row(99991671, APP_TOKEN, "the token in Authorization has an unknown prefix", APP_TOKEN_TAKEN),
  row(
    99991677,
    APP_TOKEN,
    "the token in Authorization is taken for a user token, and expired",
    APP_TOKEN_TAKEN,
  ),

  row(99991400, RATE, "request frequency limit"),
  row(1000004, RATE, "rate limit of the method"),
  row(1000005, RATE, "rate limit of the app"),

  row(20072, UNAVAILABLE, "temporarily unavailable"),
  row(2200, BROKEN, "internal error"),
  row(5000, BROKEN, "internal error"),
  row(20007, BROKEN, "the token could not be generated"),
  row(20050, BROKEN, "unexpected server error"),

  row(9499, CREDENTIALS, "bad parameter", AUTH),
  row(9499, MALFORMED, "bad parameter", REFRESH),
  row(9499, OUR_MISTAKE, "bad parameter", LOGIN),
  row(10001, CREDENTIALS, "bad parameter", AUTH),
  row(10001, MALFORMED, "bad parameter", REFRESH),
  row(10001, OUR_MISTAKE, "bad parameter", LOGIN),
  row(99992402, CREDENTIALS, "bad parameter", AUTH),
  row(99992402, MALFORMED, "bad parameter", REFRESH),
  row(99992402, OUR_MISTAKE, "bad parameter", LOGIN),
  row(20001, MALFORMED, "a parameter is missing or bad", ["auth", ...REFRESH]),
  row(20001, OUR_MISTAKE, "a parameter is missing or bad", LOGIN),
  row(20063, MALFORMED, "the request is malformed", ["auth", ...REFRESH]),
  row(20063, OUR_MISTAKE, "the request is malformed", LOGIN),
  row(20029, OUR_MISTAKE, "bad redirect URI"),
  row(20036, OUR_MISTAKE, "the grant type is not supported"),
  row(20067, OUR_MISTAKE, "the scope list has duplicates"),
  row(20068, OUR_MISTAKE, "the scope list has scopes that are not permitted"),
  row(20070, OUR_MISTAKE, "more than one way of client authentication"),
  row(99991201, WRONG_PATH, "no such path"),
  row(99991301, WRONG_PATH, "the path does not take this method"),
];

/**
 * The error names of OAuth's endpoints, once for each family. They are read in an answer with status 400 or 401 that
 * has no known code, and mean what the codes mean that Feishu documents with the same name.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5
 */
export const OAUTH_ERROR_TABLE: readonly OAuthErrorRow[] = [
  oauthRow("invalid_grant", UNKNOWN_TOKEN, "the refresh token is invalid, expired or revoked", REFRESH_TOKEN),
  oauthRow(
    "invalid_grant",
    DEVICE_CODE_GONE,
    "the device code is unknown, was redeemed, or has expired",
    DEVICE,
  ),
  oauthRow("invalid_grant", CODE_GONE, "the authorization code is invalid, expired or used", CODE),
  oauthRow("authorization_pending", PENDING, "the user has not decided yet", DEVICE),
  oauthRow("slow_down", PENDING, "polled too fast", DEVICE),
  oauthRow("access_denied", DENIED, "the user has declined", DEVICE),
  oauthRow("expired_token", LOGIN_EXPIRED, "the device code has expired", DEVICE),
  oauthRow("invalid_client", CREDENTIALS, "wrong app id or app secret"),
  oauthRow("unauthorized_client", APP, "the app is not allowed to refresh tokens"),
  oauthRow("invalid_request", CREDENTIALS, "bad parameter", AUTH),
  oauthRow("invalid_request", MALFORMED, "bad parameter", REFRESH),
  oauthRow("invalid_request", OUR_MISTAKE, "bad parameter", LOGIN),
  oauthRow("unsupported_grant_type", OUR_MISTAKE, "the grant type is not supported"),
  oauthRow("invalid_scope", SCOPE_UNKNOWN, "the scope list has a name that Feishu does not know", DEVICE),
  oauthRow(
    "invalid_scope",
    OUR_MISTAKE,
    "the scope list has scopes that are not permitted",
    ENDPOINT_FAMILIES.filter((family) => family !== "device"),
  ),
];

const CODES = byFamily(CODE_TABLE, ({ code }) => code);
const OAUTH_ERRORS_BY_FAMILY = byFamily(OAUTH_ERROR_TABLE, ({ error }) => error);

/** The row of `code` for the endpoints of `family`; `undefined` for an unknown code. */
export function findCode(code: number, family: EndpointFamily): CodeRow | undefined {
  return CODES.get(`${family} ${code}`);
}

/** The row of OAuth's `error` for the endpoints of `family`; `undefined` for an unknown name. */
export function findOAuthError(error: string, family: EndpointFamily): OAuthErrorRow | undefined {
  return OAUTH_ERRORS_BY_FAMILY.get(`${family} ${error}`);
}

function byFamily<T extends Pick<CodeRow, "families">>(
  rows: readonly T[],
  nameOf: (row: T) => number | string,
): ReadonlyMap<string, T> {
  return new Map(
    rows.flatMap((each) =>
      (each.families ?? ENDPOINT_FAMILIES).map((family) => [`${family} ${nameOf(each)}`, each] as const)
    ),
  );
}

function effect(verdict: Verdict, errorCode: ErrorCode): Effect {
  return { verdict, mayHaveConsumed: false, errorCode };
}

function row(code: number, of: Effect, meaning: string, families?: readonly EndpointFamily[]): CodeRow {
  return { code, ...of, meaning, ...defined({ families }) };
}

function oauthRow(
  error: string,
  of: Effect,
  meaning: string,
  families?: readonly EndpointFamily[],
): OAuthErrorRow {
  return { error, ...of, meaning, ...defined({ families }) };
}
