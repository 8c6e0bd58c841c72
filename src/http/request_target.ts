import { authorityName } from "../net/authority.ts";

/** What a request is addressed to. */
export interface RequestTarget {
  /** Of the request's URL, in lower case: `Host`, unless the request line or HTTP/2 names another. */
  readonly authority: string;
  /** As it was sent, without the query. */
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
  let lastRead: string | undefined;

  function readAuthority(authority: string): string | undefined {
    if (authority !== lastAuthority) {
      const lower = authority.toLowerCase();
      const isOne = authorityName(lower) !== undefined && URL.canParse(`http://${lower}`);
      lastRead = isOne ? lower : undefined;
      lastAuthority = authority;
    }
    return lastRead;
  }

  return ({ url, headers }) => {
    const start = url.indexOf("://") + "://".length;
    const slash = url.indexOf("/", start);
    const pathStart = slash < 0 ? url.length : slash;
    const asked = url.slice(start, pathStart);
    const host = headers.get("host");
    if (host !== null && host !== asked && readAuthority(host) === undefined) return undefined;
    const authority = readAuthority(asked);
    if (authority === undefined) return undefined;
    const query = url.indexOf("?", pathStart);
    const path = url.slice(pathStart, query < 0 ? url.length : query);
    const fragment = path.indexOf("#");
    return { authority, path: fragment < 0 ? path : path.slice(0, fragment) };
  };
}
