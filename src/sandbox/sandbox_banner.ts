import { DEFAULT_SANDBOX_APP } from "./sandbox_apps.ts";

/** The line that names the sandbox's address and the made-up credentials of its default app. */
export function sandboxBanner(url: string): string {
  return `sandbox ${url} app_id=${DEFAULT_SANDBOX_APP.appId} app_secret=${DEFAULT_SANDBOX_APP.appSecret}`;
}
