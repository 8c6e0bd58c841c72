import { authorityName } from "../../net/authority_name.ts";
import { isLoopbackHost } from "../../net/is_loopback_host.ts";
import { createOriginCheck, type LoopbackPages } from "./origin_check.ts";
import type { RequestTarget } from "./request_target.ts";

/** What may call this server besides this machine itself. */
export interface GuardOptions {
  /** Host names, lower case. `example.com` admits every port, `example.com:8443` that port alone. */
  readonly allowedHosts?: ReadonlySet<string>;
  /** Serialized origins, lower case, for instance `https://app.example.com`. */
  readonly allowedOrigins?: ReadonlySet<string>;
  /**
   * Which pages of this machine may read answers without being listed. Every one, unless answers hold tokens of an app
   * that the caller did not bring: a page of a development server or a container is less trusted than the programs here.
   */
  readonly readingPages?: LoopbackPages;
}

/** `pass`, or which of the two headers is not allowed. */
export type GuardVerdict = "pass" | "foreign_host" | "foreign_origin";

const NONE: ReadonlySet<string> = new Set();

/** The two names that a request can come under. */
export type AskedNames = Pick<RequestTarget, "authority" | "host">;

/** Judges requests. */
export interface Guard {
  /** Judges `request`. `names` are its own, where the caller has taken them out already. */
  (request: Request, names?: AskedNames): GuardVerdict;
  /** Which of them `foreign_host` was said of. */
  foreignHost(names: AskedNames): string;
}

/**
 * Makes the check that keeps web pages out: a page can make a browser send anything here, even under a name that
 * it has rebound to 127.0.0.1, but it cannot choose `Host` and `Origin`. A request without `Origin` comes from a
 * program and passes. A request line, and HTTP/2, can name an authority of their own: both that and `Host` are judged.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
 */
export function createGuard(options: GuardOptions = {}): Guard {
  const { allowedHosts = NONE, allowedOrigins = NONE } = options;
  const isAllowedOrigin = createOriginCheck(allowedOrigins);

  // Nearly every request comes under the same name.
  let lastHost: string | undefined;
  let isLastAllowed = false;

  function isAllowedHost(host: string): boolean {
    if (host !== lastHost) {
      isLastAllowed = isAllowedAuthority(host.toLowerCase());
      lastHost = host;
    }
    return isLastAllowed;
  }

  function isAllowedAuthority(authority: string): boolean {
    const name = authorityName(authority);
    return name !== undefined &&
      (isLoopbackHost(name) || allowedHosts.has(name) || allowedHosts.has(authority));
  }

  function guard(request: Request, names = namesOf(request)): GuardVerdict {
    const { host, authority } = names;
    if (!isAllowedHost(authority)) return "foreign_host";
    if (host !== null && host !== authority && !isAllowedHost(host)) return "foreign_host";
    const origin = request.headers.get("origin");
    return origin === null || isAllowedOrigin(origin) ? "pass" : "foreign_origin";
  }

  function foreignHost({ host, authority }: AskedNames): string {
    return host === null || isAllowedHost(host) ? authority : host;
  }

  return Object.assign(guard, { foreignHost });
}

function namesOf({ url, headers }: Request): AskedNames {
  return { authority: new URL(url).host, host: headers.get("host") };
}
