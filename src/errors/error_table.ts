/** What a failure is about, for whoever has to act on it. */
export type ErrorKind =
  | "input"
  | "config"
  | "login"
  | "transient"
  | "ambiguous"
  | "rate"
  | "store"
  | "internal";

/** One row of the table: what every door says of one failure. */
export interface ErrorRow {
  /** Who has to act. */
  readonly kind: ErrorKind;
  /** Whether the same call may succeed later without anybody mending anything. */
  readonly retryable: boolean;
  /** One sentence: what happened. */
  readonly message: string;
  /** One sentence: what to do now. */
  readonly nextStep: string;
}

/**
 * Every failure this server reports, by its stable code. The only place where their texts stand: MCP, HTTP and the
 * command line all read them here, and `docs/errors.md` is held against it by a test.
 */
export const ERROR_TABLE = {
  credentials_missing: {
    kind: "config",
    retryable: false,
    message: "No Feishu app credentials are configured",
    nextStep:
      "Set FEISHU_APP_ID and FEISHU_APP_SECRET (developer console, your app, Credentials & Basic Info) and restart the server, or try it without an account with --sandbox.",
  },
  credentials_incomplete: {
    kind: "config",
    retryable: false,
    message: "Only half of the Feishu app credentials is configured",
    nextStep: "Set both FEISHU_APP_ID and FEISHU_APP_SECRET and restart the server.",
  },
  credentials_refused: {
    kind: "config",
    retryable: false,
    message: "Feishu refused the app id or the app secret",
    nextStep:
      "Compare FEISHU_APP_ID, FEISHU_APP_SECRET and FEISHU_BRAND with the developer console (Credentials & Basic Info); a Lark app needs FEISHU_BRAND=lark.",
  },
  app_not_permitted: {
    kind: "config",
    retryable: false,
    message: "The Feishu app is disabled, not installed, or not allowed to do this",
    nextStep:
      "In the developer console check that the app is enabled and published, and that refreshing user_access_token is switched on under Security Settings.",
  },
  refresh_token_spent: {
    kind: "login",
    retryable: false,
    message: "The refresh token has been used already or was revoked",
    nextStep:
      "A refresh token works once. Present the newest one you hold, or let the user authorize the app again.",
  },
  refresh_token_expired: {
    kind: "login",
    retryable: false,
    message: "The refresh token has expired",
    nextStep: "Let the user authorize the app again.",
  },
  refresh_token_revoked: {
    kind: "login",
    retryable: false,
    message: "The refresh token was revoked",
    nextStep: "Let the user authorize the app again.",
  },
  refresh_token_invalid: {
    kind: "login",
    retryable: false,
    message: "Feishu does not know this refresh token: it is not one, was used already, or has expired",
    nextStep:
      "Check that it was copied whole and that it is a refresh token, not an access token; else let the user authorize the app again.",
  },
  refresh_token_foreign: {
    kind: "login",
    retryable: false,
    message: "The refresh token belongs to another app",
    nextStep: "Use the credentials of the app that the user authorized.",
  },
  user_unavailable: {
    kind: "login",
    retryable: false,
    message:
      "Feishu does not serve this user: missing, resigned, frozen, or without permission to use the app",
    nextStep: "Ask the tenant's administrator about the user and the app's availability range.",
  },
  authorization_required: {
    kind: "login",
    retryable: false,
    message: "Feishu asks for a security check of this user",
    nextStep: "Let the user authorize the app again in a browser.",
  },
  min_ttl_unreachable: {
    kind: "input",
    retryable: true,
    message:
      "No app token with that much time left can be had now: Feishu hands out a new one only in the last 30 minutes",
    nextStep: "Ask for less with min_ttl_seconds, or call again after retry_after_seconds.",
  },
  renewal_in_progress: {
    kind: "transient",
    retryable: true,
    message: "The renewal is still under way",
    nextStep: "Call again after retry_after_seconds with the same arguments; nothing is lost.",
  },
  rotation_outcome_unknown: {
    kind: "ambiguous",
    retryable: false,
    message: "Feishu may have issued a new pair whose answer never arrived",
    nextStep:
      "What was kept is kept. If nobody else holds a newer refresh token, let the user authorize the app again; give Feishu's support the log id.",
  },
  rate_limited: {
    kind: "rate",
    retryable: true,
    message: "Feishu limits the rate of these calls",
    nextStep: "Call again after retry_after_seconds.",
  },
  feishu_unavailable: {
    kind: "transient",
    retryable: true,
    message: "Feishu could not be reached or could not answer",
    nextStep:
      "Call again after retry_after_seconds; check the network, the proxy and FEISHU_BASE_URL if it stays so.",
  },
  feishu_answer_unreadable: {
    kind: "transient",
    retryable: true,
    message: "Feishu's answer could not be read",
    nextStep:
      "Call again after retry_after_seconds; if it stays so, something between here and Feishu rewrites answers (proxy, captive portal, wrong FEISHU_BASE_URL).",
  },
  feishu_refused: {
    kind: "internal",
    retryable: false,
    message: "Feishu refused the call in a way that neither a retry nor a new login mends",
    nextStep: "Look the code up in Feishu's documentation; give Feishu's support the log id.",
  },
  store_unavailable: {
    kind: "store",
    retryable: true,
    message: "The token store does not answer",
    nextStep:
      "Call again after retry_after_seconds; check the place that FEISHU_TOKEN_KV names, and its disk.",
  },
  store_unreadable: {
    kind: "store",
    retryable: false,
    message: "A stored value does not open with the configured key",
    nextStep:
      "Give the server the key that the store was made with (FEISHU_TOKEN_KEY, or the .key file beside the KV file). Nothing was overwritten.",
  },
  input_invalid: {
    kind: "input",
    retryable: false,
    message: "The arguments are not valid",
    nextStep: "Call the tool again with the arguments that its input schema names.",
  },
  internal_error: {
    kind: "internal",
    retryable: false,
    message: "The server failed in a way it should not",
    nextStep: "Look at the server's log under the request id, and report it.",
  },
} as const satisfies Record<string, ErrorRow>;

/** A stable code of {@linkcode ERROR_TABLE}. */
export type ErrorCode = keyof typeof ERROR_TABLE;
