import type { AppCredentials } from "./feishu.ts";

/**
 * Finds the app credentials of one call. It is asked only when a tool needs them, so that everything else works
 * without any configuration.
 *
 * @throws TokenError `credentials_missing` or `credentials_incomplete`.
 */
export type CredentialSource = () => AppCredentials;
