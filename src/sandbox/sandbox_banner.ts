import { DEFAULT_SANDBOX_APP } from "./sandbox_apps.ts";

/** The line that tells where the sandbox at `url` is and which made-up credentials its default app has. */
export function sandboxBanner(url: string): string {
  return `sandbox ${url} app_id=${DEFAULT_SANDBOX_APP.appId} app_secret=${DEFAULT_SANDBOX_APP.appSecret}`;
}
