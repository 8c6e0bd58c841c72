import { authorityName } from "../../net/authority_name.ts";
import { isLoopbackHost } from "../../net/is_loopback_host.ts";
import { createOriginCheck, type LoopbackPages } from "./origin_check.ts";
import type { RequestTarget } from "./request_target.ts";

/** Who may call this server, besides programs and pages of this machine. */
export interface GuardOptions {
  /** Host names, lower case. `example.com` admits every port, `example.com:8443` that port alone. */
  readonly allowedHosts?: ReadonlySet<string>;
  /** Serialized origins, lower case, for instance `https://app.example.com`. */
  readonly allowedOrigins?: ReadonlySet<string>;
  /**
   * Which unlisted pages of this machine may read answers; all by default. Fewer where answers hold tokens of the
   * server's own app: a page of a development server or a container is less trusted than the programs here.
   */
  readonly readingPages?: LoopbackPages;
}

/** `pass`, or which of `Host` and `Origin` is not allowed. */
export type GuardVerdict = "pass" | "foreign_host" | "foreign_origin";

const NONE: ReadonlySet<string> = new Set();

/** The two host names that a request can have. */
export type AskedNames = Pick<RequestTarget, "authority" | "host">;

/** Decides which requests are served. */
export interface Guard {
  /** Decides on `request`. `names` are those of the request, if they were read already. */
  (request: Request, names?: AskedNames): GuardVerdict;
  /** The name of the two that caused `foreign_host`. */
  foreignHost(names: AskedNames): string;
}

/**
 * Makes the check that keeps foreign web pages out. A page can make a browser send anything here, even under a name
 * that it has rebound to 127.0.0.1, but it cannot choose `Host` and `Origin`. A request without `Origin` comes from a
 * program and passes. A request line, and HTTP/2, can name an authority besides `Host`: both are checked.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
 */
export function createGuard(options: GuardOptions = {}): Guard {
  const { allowedHosts = NONE, allowedOrigins = NONE } = options;
  const isAllowedOrigin = createOriginCheck(allowedOrigins);

  // Nearly every request has the same host.
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
