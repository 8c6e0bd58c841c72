/** A host and an optional port. Userinfo, paths, queries, fragments and lists of values do not match. */
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^\s,:/?#@[\]\\]+)(?::\d{1,5})?$/;

/**
 * The host name or address in `host` or `host:port`; `undefined` for any other text. It is matched as it is and never
 * parsed as a URL: that would turn look-alikes into the names that they imitate.
 *
 * @param authority In lower case.
 */
export function authorityName(authority: string): string | undefined {
  return AUTHORITY.exec(authority)?.[1];
}
