import { authorityName } from "./authority.ts";

/** Whether `item` can be the `Host` of a request: `name` or `name:port`, lower case, names of other scripts in punycode. */
export function isHostSetting(item: string): boolean {
  return authorityName(item) !== undefined && /^[a-z0-9.:[\]_-]+$/.test(item);
}

/** Whether `item` is the origin of a web page as browsers send it. No pattern, no path, no default port. */
export function isOriginSetting(item: string): boolean {
  const url = URL.parse(item);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === item && !item.includes("*");
}
