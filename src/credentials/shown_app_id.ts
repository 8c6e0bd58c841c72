/** An id as Feishu issues it, with room for longer ones. */
export const APP_ID = /^cli_[A-Za-z0-9_]{4,40}$/;

/**
 * `appId` as a log may show it. It is hidden where it does not look like an App ID, since App ID and App Secret may
 * have been swapped.
 */
export function shownAppId(appId: string): string {
  return APP_ID.test(appId) ? appId : "(not an app id)";
}
