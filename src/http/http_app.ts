import { TokenError } from "../errors/token_error.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { createGuard, type GuardOptions, type GuardVerdict } from "./guard.ts";
import { JSON_RPC_CODE, jsonRpcRefusal } from "./json_rpc_refusal.ts";
import { httpProblem, tokenProblem } from "./problem.ts";
import { newRequestId } from "./request_id.ts";
import type { HttpCall, Route } from "./route.ts";
import { createRoutes, type RoutesOptions } from "./routes.ts";
import { applySecurityHeaders } from "./security_headers.ts";

/** What the app is made of. */
export interface HttpAppOptions extends RoutesOptions {
  /** Makes the request ids. */
  readonly random: Random;
  /** Gets one access line a request. */
  readonly log: Log;
  /** Who may call besides this machine itself. */
  readonly guard?: GuardOptions;
}

const FORBIDDEN: Readonly<Record<Exclude<GuardVerdict, "pass">, string>> = {
  foreign_host: "Forbidden: this server does not answer under that Host; use localhost or 127.0.0.1",
  foreign_origin: "Forbidden: this server does not answer pages of that Origin",
};

/**
 * Makes the HTTP server's handler: guard, routes, one access line a request. It never rejects, and every answer
 * carries the request id that the log lines of the call carry.
 */
export function createHttpApp(options: HttpAppOptions): (request: Request) => Promise<Response> {
  const { clock, log, random } = options;
  const guard = createGuard(options.guard);
  const routes = createRoutes(options);

  return async (request) => {
    const startedMs = clock.monotonic();
    const requestId = newRequestId(random);
    const call: HttpCall = { requestId, log: log.with({ request_id: requestId }) };
    const path = new URL(request.url).pathname;
    const route = routes.get(path);
    const response = applySecurityHeaders(await answer(request, call, path, route), requestId);
    // The path alone: a query may hold credentials.
    const fields = { method: request.method, path, status: response.status, ms: elapsedMs(startedMs) };
    if (route?.isQuiet) call.log.debug("http request", fields);
    else call.log.info("http request", fields);
    return response;
  };

  async function answer(
    request: Request,
    call: HttpCall,
    path: string,
    route: Route | undefined,
  ): Promise<Response> {
    try {
      const verdict = route?.isUnguarded ? "pass" : guard(request);
      if (verdict !== "pass") return forbid(verdict, path, call.log);
      if (route === undefined) {
        return httpProblem(404, "There is nothing under this path; the MCP endpoint is /mcp");
      }
      if (route.methods !== undefined && !route.methods.includes(request.method)) {
        return httpProblem(405, "This path does not take that method", { allow: route.methods.join(", ") });
      }
      return await route.handle(request, call);
    } catch (error) {
      call.log.error("http request failed", { path, error: describe(error) });
      const failure = new TokenError("internal_error", {
        detail: `request id ${call.requestId}`,
        cause: error,
      });
      return path === "/mcp"
        ? jsonRpcRefusal({ status: 500, code: JSON_RPC_CODE.internalError, message: failure.message })
        : tokenProblem(failure);
    }
  }

  function elapsedMs(startedMs: number): number {
    return Math.round((clock.monotonic() - startedMs) * 10) / 10;
  }
}

function forbid(verdict: Exclude<GuardVerdict, "pass">, path: string, log: Log): Response {
  log.warn("http request forbidden", { why: verdict });
  return path === "/mcp"
    ? jsonRpcRefusal({ status: 403, code: JSON_RPC_CODE.refused, message: FORBIDDEN[verdict] })
    : httpProblem(403, FORBIDDEN[verdict]);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
