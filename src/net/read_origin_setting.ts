/**
 * Origins of applications and browser extensions: `tauri://localhost`, `chrome-extension://<id>`, `app://.`,
 * `file://`.
 */
const OTHER_SCHEME = /^(?!https?:)[a-z][a-z0-9+.-]*:\/\/(?:(?:[a-z0-9._~-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?)?$/;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": ":80", "https:": ":443" };

/**
 * `item` as a browser writes it in `Origin`, without the default port. `undefined` where it names no particular page's
 * origin: a pattern, a URL with a path, or `null`, which every page without an origin sends.
 *
 * @param item In lower case, names of other scripts in punycode.
 * @see https://www.rfc-editor.org/rfc/rfc6454#section-6.2
 */
export function readOriginSetting(item: string): string | undefined {
  if (OTHER_SCHEME.test(item)) return item;
  const url = URL.parse(item);
  const port = DEFAULT_PORTS[url?.protocol ?? ""];
  if (url === null || port === undefined || item.includes("*")) return undefined;
  return item === url.origin || item === `${url.origin}${port}` ? url.origin : undefined;
}
