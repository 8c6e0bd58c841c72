import { authorityName } from "./authority_name.ts";

/** Whether `item` can be the `Host` of a request: `name` or `name:port`, in lower case and punycode. */
export function isHostSetting(item: string): boolean {
  return authorityName(item) !== undefined && /^[a-z0-9.:[\]_-]+$/.test(item);
}
