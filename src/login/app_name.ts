import type { AppCredentials } from "../ports/feishu.ts";

/** Names an app in the keys of this folder. */
export function appName(
  { brand, recordBrand = brand, appId }: Omit<AppCredentials, "appSecret">,
  at: string | undefined,
): string {
  return JSON.stringify([recordBrand, appId, at]);
}
