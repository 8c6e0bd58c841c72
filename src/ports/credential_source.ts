import type { AppCredentials } from "./feishu.ts";

/**
 * Finds the app credentials of one call. Only a tool that needs credentials asks for them, so that everything else works
 * without configuration (promise 8).
 *
 * @throws TokenError `credentials_missing` or `credentials_incomplete`; `app_not_found` for a kept app that is named and is
 * not there.
 */
export interface CredentialSource {
  (): AppCredentials;
  /**
   * Looks up what may have changed since: the kept apps of the store. Awaited before a call that may ask. Never rejects.
   * Absent where nothing can change.
   */
  readonly refresh?: () => Promise<void>;
}
