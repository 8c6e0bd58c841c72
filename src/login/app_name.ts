import type { AppCredentials } from "../ports/feishu.ts";

/** Names an app in the keys of this folder. `at`: the address of Feishu's API, where it is not the brand's own. */
export function appName(
  { brand, recordBrand = brand, appId }: Omit<AppCredentials, "appSecret">,
  at: string | undefined,
): string {
  return JSON.stringify([recordBrand, appId, at]);
}
