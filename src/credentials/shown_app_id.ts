/** The form of the ids that Feishu issues, with room for longer ones. */
export const APP_ID = /^cli_[A-Za-z0-9_]{4,40}$/;

/**
 * `appId` as a log may show it. Where it does not look like an app id it is not shown: somebody may have exchanged App ID
 * and App Secret.
 */
export function shownAppId(appId: string): string {
  return APP_ID.test(appId) ? appId : "(not an app id)";
}
