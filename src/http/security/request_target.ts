import { authorityName } from "../../net/authority_name.ts";

/** The names and the path that a request is sent to. */
export interface RequestTarget {
  /** That of the URL: `Host`, unless the request line or HTTP/2 names another. */
  readonly authority: string;
  /** The header; `null` where there is none. */
  readonly host: string | null;
  /** As it was sent, without the query. The `/mcp/` of some clients becomes `/mcp`. */
  readonly path: string;
}

/**
 * Makes the reader of a request's target; it returns `undefined` where the authority or `Host` is malformed.
 *
 * Deno joins the URL from the parts of the request without a check. `new URL()` may therefore throw, and its error
 * quotes the URL with any secret in the query.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function createTargetReader(): (request: Request) => RequestTarget | undefined {
  // Nearly every request has the same authority.
  let lastAuthority: string | undefined;
  let isLastValid = false;

  function isAuthority(text: string): boolean {
    if (text !== lastAuthority) {
      isLastValid = authorityName(text.toLowerCase()) !== undefined && URL.canParse(`http://${text}`);
      lastAuthority = text;
    }
    return isLastValid;
  }

  return ({ url, headers }) => {
    const scheme = url.indexOf("://");
    if (scheme < 0) return undefined;
    const start = scheme + "://".length;
    const slash = url.indexOf("/", start);
    const pathStart = slash < 0 ? url.length : slash;
    const authority = url.slice(start, pathStart);
    const host = headers.get("host");
    if (host !== null && host !== authority && !isAuthority(host)) return undefined;
    if (!isAuthority(authority)) return undefined;
    const pathEnd = url.slice(pathStart).search(/[?#]/);
    const path = url.slice(pathStart, pathEnd < 0 ? url.length : pathStart + pathEnd);
    return { authority, host, path: path === "/mcp/" ? "/mcp" : path };
  };
}
