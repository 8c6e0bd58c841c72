import { createOriginCheck, type LoopbackPages } from "./origin_check.ts";

/** Headers of MCP clients, and those of app credentials: without permission, a browser sends few of them. */
const ALLOWED_HEADERS = [
  "accept",
  "authorization",
  "content-type",
  "last-event-id",
  "mcp-method",
  "mcp-name",
  "mcp-protocol-version",
  "mcp-session-id",
  "x-feishu-app-id",
  "x-feishu-app-secret",
  "x-feishu-brand",
].join(", ");

const EXPOSED_HEADERS = [
  "mcp-protocol-version",
  "mcp-session-id",
  "retry-after",
  "www-authenticate",
  "x-request-id",
].join(", ");

/** How long a browser may keep the answer to a preflight. Chrome's limit is two hours. */
const PREFLIGHT_MAX_AGE_SECONDS = 7200;

/** Lets pages of allowed origins read this server's answers. */
export interface Cors {
  /** Answers a preflight. `refused` where the page may not read answers, `undefined` where it is no preflight. */
  preflight(request: Request, methods: readonly string[]): Response | "refused" | undefined;
  /** Lets the page that sent `request` read `response`, if its origin is allowed. */
  expose(request: Request, response: Response): void;
}

/**
 * Makes the CORS headers for `loopbackPages` and for pages of `allowedOrigins` (serialized, lower case). They name the
 * origin and never `*`. They do not allow credentials such as cookies, since this server reads none.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function createCors(
  allowedOrigins: ReadonlySet<string> = new Set(),
  loopbackPages: LoopbackPages = "all",
): Cors {
  const isAllowedOrigin = createOriginCheck(allowedOrigins, loopbackPages);

  function pageOf({ headers }: Request): string | null {
    const origin = headers.get("origin");
    return origin !== null && isAllowedOrigin(origin) ? origin : null;
  }

  return {
    preflight(request, methods): Response | "refused" | undefined {
      const isPreflight = request.method === "OPTIONS" &&
        request.headers.has("access-control-request-method");
      if (!isPreflight) return undefined;
      if (pageOf(request) === null) return "refused";
      return new Response(null, {
        status: 204,
        headers: {
          "access-control-allow-headers": ALLOWED_HEADERS,
          "access-control-allow-methods": methods.join(", "),
          "access-control-max-age": String(PREFLIGHT_MAX_AGE_SECONDS),
        },
      });
    },
    expose(request, response): void {
      const origin = pageOf(request);
      if (origin === null) return;
      // Read only here: Deno sends a response more slowly once its headers have been read.
      const { headers } = response;
      headers.set("access-control-allow-origin", origin);
      headers.set("access-control-expose-headers", EXPOSED_HEADERS);
      headers.append("vary", "origin");
    },
  };
}
