import { shownAppId } from "../../credentials/shown_app_id.ts";
import { SANDBOX_APPS } from "../../sandbox/sandbox_apps.ts";

/** The id of a login's app for people and programs. Logins at the sandbox are kept under the ids that its apps had in 0.1.0. */
export function shownApp(appId: string): string {
  const simulated = SANDBOX_APPS.find(({ formerAppId }) => formerAppId === appId);
  return shownAppId(simulated?.appId ?? appId);
}
