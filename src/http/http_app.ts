import { internalError } from "../errors/internal_error.ts";
import { joinPhrases } from "../errors/join_phrases.ts";
import type { Language, Phrase } from "../errors/language.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import type { CallerAddressReader, PeerInfo } from "./caller_address.ts";
import { createCors } from "./cors.ts";
import { createGuard, type GuardOptions, type GuardVerdict } from "./guard.ts";
import { InvalidSession } from "./invalid_session.ts";
import { JsonAnswer } from "./json_answer.ts";
import { JSON_RPC_CODE, jsonRpcRefusal } from "./json_rpc_refusal.ts";
import { httpProblem, sessionProblem, tokenProblem } from "./problem.ts";
import { createRequestIds } from "./request_id.ts";
import type { HttpCall } from "./route.ts";
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
  /** Tells where a request comes from; without it no call knows. */
  readonly callerAddress?: CallerAddressReader;
}

const FORBIDDEN: Readonly<Record<Exclude<GuardVerdict, "pass">, Phrase>> = {
  foreign_host: {
    en:
      "Forbidden: this server does not answer under that Host; use localhost or 127.0.0.1, or add the name to " +
      "FEISHU_TOKEN_ALLOWED_HOSTS",
    zh:
      "禁止访问：本服务不响应该 Host；请使用 localhost 或 127.0.0.1，或将该域名加入 FEISHU_TOKEN_ALLOWED_HOSTS",
  },
  foreign_origin: {
    en: "Forbidden: this server does not answer pages of that Origin; add it to FEISHU_TOKEN_ALLOWED_ORIGINS",
    zh: "禁止访问：本服务不响应来自该 Origin 的网页；请将它加入 FEISHU_TOKEN_ALLOWED_ORIGINS",
  },
};
const NO_SUCH_PATH: Phrase = {
  en: "There is nothing under this path; the MCP endpoint is /mcp",
  zh: "该路径下没有内容；MCP 端点是 /mcp",
};
const WRONG_METHOD: Phrase = { en: "This path does not take that method", zh: "该路径不支持此请求方法" };

/** Of a header that is not to be trusted. */
const SHOWN_CHARACTERS = 200;

/** For a route that answers every method itself: a page must be able to read that answer too. */
const EVERY_METHOD = ["DELETE", "GET", "POST"];

/**
 * Makes the HTTP server's handler: guard, routes, one access line a request. It never rejects, and every answer
 * carries the request id that the log lines of the call carry.
 */
export function createHttpApp(
  options: HttpAppOptions,
): (request: Request, info?: PeerInfo) => Promise<Response> {
  const { clock, log, random, language = "en", callerAddress } = options;
  const guard = createGuard(options.guard);
  const cors = createCors(options.guard?.allowedOrigins, options.guard?.readingPages);
  const routes = createRoutes(options);
  const newRequestId = createRequestIds(random);

  return async (request, info) => {
    const startedMs = clock.monotonic();
    const requestId = newRequestId();
    const caller = info === undefined ? undefined : callerAddress?.(request, info);
    const call: HttpCall = { requestId, log: log.with({ request_id: requestId }), caller };
    const path = new URL(request.url).pathname;
    const answered = await answer(request, call, path);
    const response = answered instanceof JsonAnswer
      ? answered.toResponse(requestId)
      : applySecurityHeaders(answered, requestId);
    cors.expose(request, response);
    // The path alone: a query may hold credentials.
    const fields = {
      method: request.method,
      path,
      status: response.status,
      // Only where the line is written: looking at the clock is not free.
      get ms(): number {
        return elapsedMs(startedMs);
      },
    };
    // A success is not news, and putting the line together cost a quarter of the whole call.
    // Browsers ask for an icon unasked.
    if (response.status < 400 || path === "/favicon.ico") call.log.debug("http request", fields);
    else call.log.info("http request", fields);
    return response;
  };

  async function answer(
    request: Request,
    call: HttpCall,
    path: string,
  ): Promise<Response | JsonAnswer> {
    const route = routes.get(path);
    try {
      const verdict = route?.isUnguarded ? "pass" : guard(request);
      if (verdict !== "pass") return forbid(verdict, request, path, call.log, language);
      if (route === undefined) {
        return httpProblem(404, NO_SUCH_PATH[language]);
      }
      const preflight = cors.preflight(request, route.methods ?? EVERY_METHOD);
      if (preflight === "refused") return forbid("foreign_origin", request, path, call.log, language);
      if (preflight !== undefined) return preflight;
      if (route.methods !== undefined && !route.methods.includes(request.method)) {
        return httpProblem(405, WRONG_METHOD[language], { allow: route.methods.join(", ") });
      }
      return await route.handle(request, call);
    } catch (error) {
      if (error instanceof InvalidSession) return refuseSession(error, path, call.log, language);
      call.log.error("http request failed", { path, error: describe(error) });
      const failure = internalError(call.requestId, error);
      const { message } = failure.report({ language });
      return path === "/mcp"
        ? jsonRpcRefusal({ status: 500, code: JSON_RPC_CODE.internalError, message })
        : tokenProblem(failure, { language });
    }
  }

  function elapsedMs(startedMs: number): number {
    return Math.round((clock.monotonic() - startedMs) * 10) / 10;
  }
}

function forbid(
  verdict: Exclude<GuardVerdict, "pass">,
  request: Request,
  path: string,
  log: Log,
  language: Language,
): Response {
  const header = verdict === "foreign_host" ? "host" : "origin";
  // What would have to be listed, if it is to be let in.
  const value = request.headers.get(header)?.slice(0, SHOWN_CHARACTERS);
  log.warn("http request forbidden", { why: verdict, [header]: value });
  const message = FORBIDDEN[verdict][language];
  return path === "/mcp"
    ? jsonRpcRefusal({ status: 403, code: JSON_RPC_CODE.refused, message })
    : httpProblem(403, message);
}

function refuseSession(error: InvalidSession, path: string, log: Log, language: Language): Response {
  log.warn("session configuration refused", { problems: joinPhrases(error.problems).en });
  if (path !== "/mcp") return sessionProblem(error, language);
  const problems = error.problems.map((each) => each[language]);
  const message = error.line[language];
  return jsonRpcRefusal({ status: 422, code: JSON_RPC_CODE.refused, message, data: { problems } });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
