import { createOriginCheck, type LoopbackPages } from "./origin_check.ts";

/** What MCP clients and ours send beyond the headers that need no permission. */
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

const EXPOSED_HEADERS = ["mcp-protocol-version", "mcp-session-id", "retry-after", "x-request-id"].join(", ");

/** What a browser may keep of a preflight. Chrome keeps none for longer than two hours. */
const PREFLIGHT_MAX_AGE_SECONDS = 7200;

/** Lets pages of allowed origins read this server's answers. */
export interface Cors {
  /** The answer to a preflight; `refused` where the page may not read answers; `undefined` where the request is none. */
  preflight(request: Request, methods: readonly string[]): Response | "refused" | undefined;
  /** Marks `response` as readable by the page that asked, where that is an allowed one. */
  expose(request: Request, response: Response): void;
}

/**
 * Makes the CORS headers for `loopbackPages` and those of `allowedOrigins` (serialized, lower case). The origin is named
 * and never `*`; cookies and other ambient credentials stay out, since nothing here reads them.
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
      // Not before: a response whose headers were looked at is sent by a slower way.
      const { headers } = response;
      headers.set("access-control-allow-origin", origin);
      headers.set("access-control-expose-headers", EXPOSED_HEADERS);
      headers.append("vary", "origin");
    },
  };
}
