import { authorityName } from "../../net/authority_name.ts";

/** What a request is addressed to. */
export interface RequestTarget {
  /** Of the request's URL: `Host`, unless the request line or HTTP/2 names another. */
  readonly authority: string;
  /** `Host`; `null` where there is none. */
  readonly host: string | null;
  /** As it was sent, without the query; `/mcp/`, as some clients have it, reads `/mcp`. */
  readonly path: string;
}

/**
 * Makes the function that takes the target of a request apart; `undefined` where its authority or its `Host` is none.
 * Deno puts the URL together out of what came over the wire and checks nothing, so that `new URL()` would throw an error
 * that quotes it, with whatever secret the query holds.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function createTargetReader(): (request: Request) => RequestTarget | undefined {
  // Nearly every request comes under the same name.
  let lastAuthority: string | undefined;
  let isLastOne = false;

  function isAuthority(text: string): boolean {
    if (text !== lastAuthority) {
      isLastOne = authorityName(text.toLowerCase()) !== undefined && URL.canParse(`http://${text}`);
      lastAuthority = text;
    }
    return isLastOne;
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
