/** Userinfo, paths, queries, fragments and lists of values do not match: none of them belongs into an authority. */
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^\s,:/?#@[\]\\]+)(?::\d{1,5})?$/;

/**
 * The host name or address of `host` or `host:port`, `undefined` where the text is anything else. It is matched as it
 * stands and never parsed as a URL, which would normalize look-alikes into what they imitate.
 *
 * @param authority In lower case.
 */
export function authorityName(authority: string): string | undefined {
  return AUTHORITY.exec(authority)?.[1];
}
