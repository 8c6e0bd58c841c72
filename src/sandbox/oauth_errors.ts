/** A refusal of the newer endpoints. */
export interface OauthError {
  /** HTTP status. */
  readonly status: number;
  /** OAuth's name, as in RFC 6749. */
  readonly error: string;
  /** Value of `error_description`. */
  readonly description: string;
}

const RETRY_REQUEST = "Please retry your request.";
const CODE_ONCE = "Please note that an authorization code can only be used once.";
const REFRESH_ONCE = "Please note that a refresh token can only be used once.";

/**
 * The refusals of `authen/v2/oauth/token` and `oauth/v3/token` by Feishu's code. The texts are Feishu's, which asks
 * clients to decide by the code.
 *
 * @see https://open.feishu.cn/document/authentication-management/access-token/refresh-user-access-token
 */
export const OAUTH_ERRORS: ReadonlyMap<number, OauthError> = new Map([
  [20001, row(400, "invalid_request", "The request is missing a required parameter.")],
  [20002, row(400, "invalid_client", "The client secret is invalid.")],
  [20003, row(400, "invalid_grant", `The authorization code is not found. ${CODE_ONCE}`)],
  [20004, row(400, "invalid_grant", "The authorization code has expired.")],
  [20008, row(400, "invalid_grant", "The user does not exist.")],
  [20009, row(400, "unauthorized_client", "The specified app is not installed.")],
  [20010, row(400, "access_denied", "The user does not have permission to use this app.")],
  [
    20024,
    row(
      400,
      "invalid_grant",
      "The provided authorization code or refresh token does not match the provided client ID.",
    ),
  ],
  [20026, row(400, "invalid_grant", "The refresh token passed is invalid. Please check the value.")],
  [20036, row(400, "unsupported_grant_type", "The specified grant_type is not supported.")],
  [20037, row(400, "invalid_grant", "The refresh token passed has expired. Please generate a new one.")],
  [20048, row(400, "invalid_client", "The specified app does not exist.")],
  [20049, row(400, "invalid_grant", "PKCE code challenge failed.")],
  [20050, row(500, "server_error", `An unexpected server error occurred. ${RETRY_REQUEST}`)],
  [20063, row(400, "invalid_request", "The request is malformed. Please check your request.")],
  [20064, row(400, "invalid_grant", `The refresh token has been revoked. ${REFRESH_ONCE}`)],
  [20065, row(400, "invalid_grant", `The authorization code has been used. ${CODE_ONCE}`)],
  [20066, row(400, "invalid_grant", "The user status is invalid.")],
  [
    20067,
    row(
      400,
      "invalid_scope",
      "The provided scope list contains duplicate scopes. Please ensure all scopes are unique.",
    ),
  ],
  [
    20068,
    row(
      400,
      "invalid_scope",
      "The provided scope list contains scopes that are not permitted. Please ensure all scopes are allowed.",
    ),
  ],
  [20069, row(400, "unauthorized_client", "The specified app is not enabled.")],
  [
    20070,
    row(
      400,
      "invalid_request",
      "Multiple authentication methods were provided. Please only use one to proceed.",
    ),
  ],
  [
    20071,
    row(400, "invalid_grant", "The provided redirect URI does not match the one used during authorization."),
  ],
  [20072, row(503, "temporarily_unavailable", `The server is temporarily unavailable. ${RETRY_REQUEST}`)],
  [20073, row(400, "invalid_grant", `The refresh token has been used. ${REFRESH_ONCE}`)],
  [20074, row(400, "unauthorized_client", "The specified app is not allowed to refresh token.")],
  [
    20079,
    row(400, "invalid_grant", "The device_code is invalid. Please restart the device authorization flow."),
  ],
  [20094, row(400, "authorization_pending", "The authorization request is still pending.")],
  [20095, row(400, "slow_down", "Polling too frequently. Please slow down.")],
  [99991400, row(429, "too_many_requests", "request trigger frequency limit")],
]);

function row(status: number, error: string, description: string): OauthError {
  return { status, error, description };
}
