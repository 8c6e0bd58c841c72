import { defined } from "../defined.ts";
import type { ErrorCode } from "../errors/error_table.ts";
import type { Verdict } from "../ports/feishu.ts";

/**
 * The endpoints that an answer came from: `auth` (`auth/v3/…/internal`), `legacy` (`authen/v1` and its `oidc`), `oauth`
 * (`authen/v2/oauth/token` and `oauth/v3/token`).
 */
export type EndpointFamily = "auth" | "legacy" | "oauth";

/** What one of Feishu's codes means for the refresh token or the app secret that was presented. */
export interface CodeRow {
  /** Feishu's code. */
  readonly code: number;
  /** Absent for all of them. */
  readonly families?: readonly EndpointFamily[];
  /** For the token that was presented. */
  readonly verdict: Verdict;
  /** Whether Feishu may have consumed the refresh token although it refused. */
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

/**
 * Every code that the app token endpoints and the refresh endpoints are known to answer, once for each meaning. Only
 * this table turns Feishu's codes into ours. Codes that are answered only to an authorization code or an API call are
 * left out and read as unknown, which never costs a login. What an API's code says of a token is in
 * `api_code_table.ts`.
 *
 * @see https://open.feishu.cn/document/ukTMukTMukTM/ugjM14COyUjL4ITN
 */
export const CODE_TABLE: readonly CodeRow[] = [
  row(10003, CREDENTIALS, "a field is missing, or the app id does not exist", AUTH),
  row(10003, MALFORMED, "invalid parameter", REFRESH),
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
  row(99991679, APP, "a scope was not granted"),

  row(20064, SPENT, "the refresh token was revoked; it can be used once"),
  row(20073, SPENT, "the refresh token was used"),
  row(20026, OTHER_GENERATION, "the refresh token is invalid, or another generation of endpoint issued it"),
  row(20038, UNKNOWN_TOKEN, "the refresh token was not found: an old one, or expired"),
  row(99991669, UNKNOWN_TOKEN, "the refresh token is invalid"),
  row(20037, EXPIRED, "the refresh token has expired, or 365 days have passed since the authorization"),
  row(20024, FOREIGN, "the refresh token belongs to another app"),

  row(20008, USER, "the user does not exist"),
  row(20010, USER, "the user has no permission to use this app"),
  row(20021, USER, "the user has resigned"),
  row(20022, USER, "the user is frozen"),
  row(20023, USER, "the user is not registered"),
  row(20066, USER, "the user's status is invalid"),
  row(21000, SECURITY, "a security policy asks for a challenge"),
  row(21001, SECURITY, "a security policy denies access"),

  row(20013, APP_TOKEN, "the tenant token in Authorization is invalid", LEGACY),
  row(20014, APP_TOKEN, "the app token in Authorization is invalid", LEGACY),
  row(99991661, APP_TOKEN, "no token in Authorization", LEGACY),
  row(99991663, APP_TOKEN, "the tenant token in Authorization is invalid or expired", LEGACY),
  row(99991664, APP_TOKEN, "the app token in Authorization is invalid", LEGACY),
  row(99991665, APP_TOKEN, "the tenant token in Authorization is unlawful", LEGACY),
  row(99991668, APP_TOKEN, "the token in Authorization is taken for a user token, and invalid", LEGACY),
  row(99991671, APP_TOKEN, "the token in Authorization has an unknown prefix", LEGACY),
  row(99991677, APP_TOKEN, "the token in Authorization is taken for a user token, and expired", LEGACY),

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
  row(10001, CREDENTIALS, "bad parameter", AUTH),
  row(10001, MALFORMED, "bad parameter", REFRESH),
  row(99992402, CREDENTIALS, "bad parameter", AUTH),
  row(99992402, MALFORMED, "bad parameter", REFRESH),
  row(20001, MALFORMED, "a parameter is missing or bad"),
  row(20063, MALFORMED, "the request is malformed"),
  row(20029, OUR_MISTAKE, "bad redirect URI"),
  row(20036, OUR_MISTAKE, "the grant type is not supported"),
  row(20067, OUR_MISTAKE, "the scope list has duplicates"),
  row(20068, OUR_MISTAKE, "the scope list has scopes that are not permitted"),
  row(20070, OUR_MISTAKE, "more than one way of client authentication"),
  row(99991201, WRONG_PATH, "no such path"),
  row(99991301, WRONG_PATH, "the path does not take this method"),
];

/**
 * The error names of OAuth's token endpoint, once for each family. They are read in an answer with status 400 or 401
 * that has no known code, and mean what the codes mean that Feishu documents with the same name.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export const OAUTH_ERROR_TABLE: readonly OAuthErrorRow[] = [
  oauthRow("invalid_grant", UNKNOWN_TOKEN, "the refresh token is invalid, expired or revoked", REFRESH),
  oauthRow("invalid_client", CREDENTIALS, "wrong app id or app secret"),
  oauthRow("unauthorized_client", APP, "the app is not allowed to refresh tokens"),
  oauthRow("invalid_request", CREDENTIALS, "bad parameter", AUTH),
  oauthRow("invalid_request", MALFORMED, "bad parameter", REFRESH),
  oauthRow("unsupported_grant_type", OUR_MISTAKE, "the grant type is not supported"),
  oauthRow("invalid_scope", OUR_MISTAKE, "the scope list has scopes that are not permitted"),
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
      (each.families ?? [...AUTH, ...REFRESH]).map((family) => [`${family} ${nameOf(each)}`, each] as const)
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
