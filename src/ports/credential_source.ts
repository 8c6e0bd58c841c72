import type { AppCredentials } from "./feishu.ts";

/**
 * Finds the app credentials of one call. Only a tool that needs credentials asks for them, so that everything else works
 * without configuration (promise 8).
 *
 * @throws TokenError `credentials_missing` or `credentials_incomplete`.
 */
export type CredentialSource = () => AppCredentials;
