import { errorClass } from "../errors/error_class.ts";
import { internalError } from "../errors/internal_error.ts";
import { joinPhrases } from "../errors/join_phrases.ts";
import type { Phrase } from "../errors/language.ts";
import { stackFrames } from "../errors/stack_frames.ts";
import { readOriginSetting } from "../net/read_origin_setting.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import type { CallerAddressReader, PeerInfo } from "./security/caller_address.ts";
import { createCallerGate } from "./caller_gate.ts";
import { createCors } from "./security/cors.ts";
import { createGuard, type GuardOptions, type GuardVerdict } from "./security/guard.ts";
import { InvalidSession } from "./session/invalid_session.ts";
import { JsonAnswer } from "./json_answer.ts";
import { JSON_RPC_CODE, jsonRpcRefusal } from "./json_rpc_refusal.ts";
import { httpProblem, sessionProblem, tokenProblem } from "./problem.ts";
import { RepeatedLines } from "../log/repeated_lines.ts";
import { createRequestIds } from "./request_ids.ts";
import { createTargetReader, type RequestTarget } from "./security/request_target.ts";
import type { HttpCall } from "./route.ts";
import { createRoutes, type RoutesOptions } from "./routes.ts";
import { applySecurityHeaders } from "./security/security_headers.ts";
import { shownName } from "./shown_name.ts";

/** What {@linkcode createHttpApp} needs. */
export interface HttpAppOptions extends RoutesOptions {
  /** For the request ids. */
  readonly random: Random;
  /** Gets one access line a request. */
  readonly log: Log;
  /** Limits the log lines of refusals, which anybody can cause. A new one by default. */
  readonly repeated?: RepeatedLines;
  /** The same for probes, separate so that refusals cannot hide their lines. A new one by default. */
  readonly repeatedByProbes?: RepeatedLines;
  /** Who may call, besides programs of this machine. */
  readonly guard?: GuardOptions;
  /** Finds the address of a request's caller; without it the address stays unknown. */
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
/** Every page without an origin sends `null`, so listing that would admit all of them. */
const UNLISTABLE_ORIGIN: Phrase = {
  en:
    "Forbidden: this server does not answer pages without an Origin of their own (a file, a sandboxed frame); " +
    "serve the page from an address",
  zh: "禁止访问：本服务不响应没有自身 Origin 的网页（本地文件或沙盒 iframe）；请通过网址提供该网页",
};
const NO_URL: Phrase = {
  en:
    "Bad request: Host, or the address in the request line, must be a host name or address, with or without port",
  zh: "请求无效：Host 或请求行中的地址必须是主机名或 IP 地址（可带端口）",
};
const NO_SUCH_PAGE: Phrase = {
  en: "There is nothing under this path; the MCP endpoint is /mcp",
  zh: "该路径下没有内容；MCP 端点是 /mcp",
};
const WRONG_METHOD: Phrase = { en: "This path does not take that method", zh: "该路径不支持此请求方法" };

/** Logged instead of an unknown path or method, which may contain a secret. */
const NO_ROUTE = "(no route)";
const OTHER_METHOD = "(other)";
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  "CONNECT",
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
  "TRACE",
]);

/** Allowed to pages on a route that answers every method itself, so that they can read each answer. */
const EVERY_METHOD = ["DELETE", "GET", "POST"];

/** What the access line of a request tells. */
interface Access {
  readonly request: Request;
  readonly target: RequestTarget | undefined;
  readonly status: number;
  readonly startedMs: number;
  readonly isRoutine: boolean;
}

/** Answers one request and never rejects; `info` holds the other end of its connection. */
export type HttpApp = (request: Request, info?: PeerInfo) => Promise<Response>;

/**
 * Makes the HTTP server's handler: target, guard, key, routes, one access line a request. Every answer carries the request
 * id of the call's log lines. Of what a caller chooses, a line shows nothing but the name of a route and, where they
 * look like names, a foreign `Host` or `Origin`.
 */
export function createHttpApp(options: HttpAppOptions): HttpApp {
  const { clock, log, random, language = "en", callerAddress } = options;
  const { repeated = new RepeatedLines({ clock, log }) } = options;
  const { repeatedByProbes = new RepeatedLines({ clock, log }) } = options;
  const guard = createGuard(options.guard);
  const { findCaller } = options;
  const admit = findCaller && createCallerGate({ findCaller, clock, repeated, language });
  const cors = createCors(options.guard?.allowedOrigins, options.guard?.readingPages);
  const routes = createRoutes(options, repeatedByProbes);
  const newRequestId = createRequestIds(random);
  const readTarget = createTargetReader();

  return async (request, info) => {
    const requestId = newRequestId();
    const callLog = log.with({ request_id: requestId });
    let target: RequestTarget | undefined;
    // Catches everything: Deno would log an uncaught error with its message, which may quote the URL.
    try {
      const startedMs = clock.monotonic();
      target = readTarget(request);
      const answered = target === undefined
        ? httpProblem(400, NO_URL[language])
        : await answer(request, target, callOf(request, info, requestId, callLog));
      const response = answered instanceof JsonAnswer
        ? answered.toResponse(requestId)
        : applySecurityHeaders(answered, requestId);
      cors.expose(request, response);
      const isRoutine = answered instanceof JsonAnswer && answered.isRoutine;
      logAccess({ request, target, status: response.status, startedMs, isRoutine }, callLog);
      return response;
    } catch (error) {
      return applySecurityHeaders(fail(error, target?.path, requestId, callLog), requestId);
    }
  };

  function callOf(request: Request, info: PeerInfo | undefined, requestId: string, log: Log): HttpCall {
    const caller = info === undefined ? undefined : callerAddress?.(request, info);
    return { requestId, log, caller, peer: info };
  }

  async function answer(
    request: Request,
    target: RequestTarget,
    call: HttpCall,
  ): Promise<Response | JsonAnswer> {
    const { path } = target;
    const route = routes.get(path);
    const verdict = route?.isUnguarded ? "pass" : guard(request, target);
    if (verdict !== "pass") return forbid(verdict, request, target, call.log);
    // Before the key is asked for: a browser sends a preflight without any header of the page's.
    const preflight = route && cors.preflight(request, route.methods ?? EVERY_METHOD);
    if (preflight === "refused") return forbid("foreign_origin", request, target, call.log);
    if (preflight !== undefined) return preflight;
    const admitted = admit === undefined ? call : await admit(request, { path, isOpen: route?.isOpen }, call);
    if (admitted instanceof Response) return admitted;
    if (route === undefined) return httpProblem(404, NO_SUCH_PAGE[language]);
    if (route.methods !== undefined && !route.methods.includes(request.method)) {
      return httpProblem(405, WRONG_METHOD[language], { allow: route.methods.join(", ") });
    }
    try {
      return await route.handle(request, admitted);
    } catch (error) {
      if (error instanceof InvalidSession) return refuseSession(error, path, admitted.log);
      return fail(error, path, call.requestId, admitted.log);
    }
  }

  function logAccess({ request, target, status, startedMs, isRoutine }: Access, log: Log): void {
    const method = KNOWN_METHODS.has(request.method) ? request.method : OTHER_METHOD;
    const path = routeName(target?.path);
    if (status >= 400 && !isRoutine && !isDiscovery(request.method, target?.path, status)) {
      // Wrong methods are one kind on all paths: the caller chooses the method, and kinds are limited.
      const [fields, about] = status === 405 ? [{ status }, { path }] : [{ path, status }, {}];
      const kind = `http request ${fields.path} ${status}`;
      const first = { method, ...about, ms: elapsedMs(startedMs) };
      repeated.write(log, { kind, level: "info", event: "http request", fields, first });
      return;
    }
    // At debug level: these requests are routine, and making the line took a quarter of a call.
    log.debug("http request", () => ({ method, path, status, ms: elapsedMs(startedMs) }));
  }

  function elapsedMs(startedMs: number): number {
    return Math.round((clock.monotonic() - startedMs) * 10) / 10;
  }

  /** The path, if it is a route of this server. Any other may hold a secret that was put in the wrong place. */
  function routeName(path = ""): string {
    return routes.has(path) ? path : NO_ROUTE;
  }

  function forbid(
    verdict: Exclude<GuardVerdict, "pass">,
    request: Request,
    target: RequestTarget,
    log: Log,
  ): Response {
    const origin = request.headers.get("origin") ?? "";
    // The value that the operator would have to list to admit the caller.
    const variant = shownName(verdict === "foreign_origin" ? origin : guard.foreignHost(target));
    const first = verdict === "foreign_origin" ? { origin: variant } : { host: variant };
    const line = { level: "warn", event: "http request forbidden", fields: { why: verdict }, first } as const;
    repeated.write(log, { kind: `http request forbidden ${verdict}`, variant, ...line });
    const isListable = verdict === "foreign_host" || readOriginSetting(origin.toLowerCase()) !== undefined;
    const message = (isListable ? FORBIDDEN[verdict] : UNLISTABLE_ORIGIN)[language];
    return target.path === "/mcp"
      ? jsonRpcRefusal({ status: 403, code: JSON_RPC_CODE.refused, message })
      : httpProblem(403, message);
  }

  function refuseSession(error: InvalidSession, path: string, log: Log): Response {
    const event = "session configuration refused";
    // The problems are names and rules of a fixed set, never a caller's own words.
    repeated.write(log, {
      kind: event,
      level: "warn",
      event,
      first: { problems: joinPhrases(error.problems).en },
    });
    if (path !== "/mcp") return sessionProblem(error, language);
    const problems = error.problems.map((each) => each[language]);
    const message = error.line[language];
    return jsonRpcRefusal({ status: 422, code: JSON_RPC_CODE.refused, message, data: { problems } });
  }

  /** For unexpected errors. Every one is logged, since the answer refers people to the log by its request id. */
  function fail(error: unknown, path: string | undefined, requestId: string, log: Log): Response {
    log.error("http request failed", { path: routeName(path), error: errorClass(error) });
    log.debug("http request failed at", { at: stackFrames(error) });
    const failure = internalError(requestId, error);
    const { message } = failure.report({ language });
    return path === "/mcp"
      ? jsonRpcRefusal({ status: 500, code: JSON_RPC_CODE.internalError, message })
      : tokenProblem(failure, { language });
  }
}

/**
 * Whether the request is a client's discovery, which fails at every connect: clients ask for a stream and for
 * authorization metadata, browsers for an icon.
 */
function isDiscovery(method: string, path = "", status: number): boolean {
  if (path === "/mcp") return status === 405 && method === "GET";
  return path === "/favicon.ico" || (status === 404 && path.includes("/.well-known/"));
}
