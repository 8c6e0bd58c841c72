import type { Generation } from "../src/sandbox/token_lifetimes.ts";

/** Finds the calls that present a refresh token. */
export const REFRESH_PATH = "oauth/token|oauth/v3/token|refresh_access_token";
/** Finds the calls that take a refresh token of one generation; those of others are refused there. */
export const REFRESH_PATHS: Readonly<Record<Generation, string>> = {
  v1: "authen/v1/refresh_access_token",
  oidc: "oidc/refresh_access_token",
  // The newer endpoint takes these too.
  v2: "oauth/token|oauth/v3/token",
  v3: "oauth/v3/token",
};
/** Finds the polls of the device flow, and refreshes of the same generation. */
export const POLL_PATH = "authen/v2/oauth/token";
/** Finds the calls that ask whose a token is. */
export const USER_INFO_PATH = "user_info";
/** Finds the calls for an app token. */
export const APP_TOKEN_PATH = "app_access_token";
