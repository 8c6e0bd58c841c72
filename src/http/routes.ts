import { shownAppId } from "../credentials/shown_app_id.ts";
import { availableApp } from "../credentials/available_app.ts";
import type { Language, Phrase } from "../errors/language.ts";
import type { Clock } from "../ports/clock.ts";
import type { AppCredentials } from "../ports/feishu.ts";
import type { Log } from "../ports/log.ts";
import type { LoginOwner } from "../ports/login_owner.ts";
import type { TokenService } from "../ports/tokens.ts";
import type { CredentialSource } from "../ports/credential_source.ts";
import type { CallerFinder } from "../callers/caller_finder.ts";
import { HealthCheck } from "./health_check.ts";
import type { JsonAnswer } from "./json_answer.ts";
import type { LandingFacts, LandingTool } from "./pages/landing_page.ts";
import { acceptedLanguage } from "./accepted_language.ts";
import { isLocalCall } from "./security/is_local_call.ts";
import type { LoginOwnerReader } from "./security/login_owner.ts";
import type { RepeatedLines } from "../log/repeated_lines.ts";
import type { HttpCall, Route } from "./route.ts";
import { SESSION_SCHEMA } from "./session/session_schema.ts";

/** A call of `/mcp`. */
export interface McpHttpCall extends HttpCall {
  /** Called only by tools that need credentials. */
  readonly credentials: CredentialSource;
  /** Whose logins the caller may use; absent for a caller without any. Read where it is needed, since it takes time. */
  readonly owner: LoginOwner | undefined;
}

/** What the page at `/` may tell about the server. */
export interface AboutServer {
  /** Whether Feishu is simulated. */
  readonly isSandbox: boolean;
  /** Where the tokens are stored. */
  readonly store: Phrase;
  /** Whether it has a public name. Then no reader gets the facts that are for this machine alone. */
  readonly isPublished: boolean;
}

/** What {@linkcode createRoutes} needs. */
export interface RoutesOptions {
  /** Answers every method of `/mcp`. */
  readonly mcp: (request: Request, call: McpHttpCall) => Promise<Response | JsonAnswer>;
  /** Checked by the two probes. */
  readonly tokens: Pick<TokenService, "health">;
  /**
   * Finds the credentials of a request. Who calls decides whether a kept app counts.
   *
   * @throws InvalidSession when the request's credentials cannot be read. Any other fault is thrown by the source.
   */
  readonly credentials: (
    request: Request,
    log: Log,
    call: Pick<HttpCall, "peer" | "callerName">,
  ) => CredentialSource;
  /** Decides whose logins a request may use; without it nobody over HTTP has any. */
  readonly loginOwner?: LoginOwnerReader;
  /** Times requests and bounds the probes. */
  readonly clock: Clock;
  /** The program's version. */
  readonly version: string;
  /** Named on the page. */
  readonly tools: readonly LandingTool[];
  /** For the page, which tells less without it. */
  readonly about?: AboutServer;
  /** Finds whose key a request brings. With it every path but the open ones needs a key. */
  readonly findCaller?: CallerFinder | undefined;
  /** Of error texts, and of the page where a browser prefers neither language; English by default. */
  readonly language?: Language;
}

const PAGE_METHODS = ["GET", "HEAD"] as const;

/**
 * Makes the routes of the server, by path. The two probes are unguarded: a load balancer may call them under any name.
 *
 * @param repeated limits the log lines of the probes.
 */
export function createRoutes(options: RoutesOptions, repeated: RepeatedLines): ReadonlyMap<string, Route> {
  const { mcp, tokens, credentials, clock, version, tools, about, loginOwner, findCaller, language = "en" } =
    options;
  const health = new HealthCheck({ tokens, clock, repeated });
  const schema = JSON.stringify(SESSION_SCHEMA);
  return new Map<string, Route>([
    ["/mcp", {
      handle(request, call): Promise<Response | JsonAnswer> {
        return mcp(request, new CallOfMcp(request, call, credentials(request, call.log, call), loginOwner));
      },
    }],
    ["/healthz", {
      methods: PAGE_METHODS,
      isUnguarded: true,
      isOpen: true,
      async handle(_request, { log }): Promise<Response> {
        const { ok, reason } = await health.report(log);
        return Response.json({ status: ok ? "ok" : "degraded", reason: reason?.[language], version });
      },
    }],
    ["/readyz", {
      methods: PAGE_METHODS,
      isUnguarded: true,
      isOpen: true,
      async handle(_request, { log }): Promise<Response> {
        const { ok, reason } = await health.report(log);
        const status = ok ? "ready" : "not_ready";
        return Response.json({ status, reason: reason?.[language] }, { status: ok ? 200 : 503 });
      },
    }],
    ["/", {
      methods: PAGE_METHODS,
      isOpen: true,
      async handle(request, call): Promise<Response> {
        const source = credentials(request, call.log, call);
        await source.refresh?.();
        const facts = findCaller === undefined
          ? landingFacts(request, call, availableApp(source), about)
          : factsForStrangers(request, call);
        const pageLanguage = acceptedLanguage(request.headers.get("accept-language"), language);
        // Loaded at the first visit: most servers never have one.
        const { createLandingPage } = await import("./pages/landing_page.ts");
        return createLandingPage({ version, tools, language: pageLanguage })(facts);
      },
    }],
    ["/.well-known/mcp-config", {
      methods: PAGE_METHODS,
      isOpen: true,
      handle: () => new Response(schema, { headers: { "content-type": "application/schema+json" } }),
    }],
  ]);
}

/** A call of `/mcp` that decides whose logins it may use when a tool asks: that takes longer than most calls. */
class CallOfMcp implements McpHttpCall {
  readonly requestId: string;
  readonly log: Log;
  readonly caller: HttpCall["caller"];
  readonly credentials: CredentialSource;
  readonly #request: Request;
  readonly #call: HttpCall;
  readonly #loginOwner: LoginOwnerReader | undefined;

  constructor(
    request: Request,
    call: HttpCall,
    credentials: CredentialSource,
    loginOwner: LoginOwnerReader | undefined,
  ) {
    this.requestId = call.requestId;
    this.log = call.log;
    this.caller = call.caller;
    this.credentials = credentials;
    this.#request = request;
    this.#call = call;
    this.#loginOwner = loginOwner;
  }

  /** To be read before the answer is sent: after that Deno refuses to show the request. */
  get owner(): LoginOwner | undefined {
    const { url, headers } = this.#request;
    const { callerName, peer } = this.#call;
    return this.#loginOwner?.({ url, headers, callerName }, peer, availableApp(this.credentials));
  }
}

function landingFacts(
  request: Request,
  call: HttpCall,
  app: AppCredentials | undefined,
  about: AboutServer | undefined,
): LandingFacts {
  const isLocal = about?.isPublished === false && isLocalCall(request, call.peer);
  return {
    ...factsForStrangers(request, call),
    needsKey: false,
    brand: app?.brand,
    isSandbox: about?.isSandbox ?? false,
    ...(isLocal
      ? { forThisMachine: { appId: app && shownAppId(app.shownAs ?? app.appId), store: about.store } }
      : {}),
  };
}

/** Facts that say nothing of the app: a browser that opens the page has no key. */
function factsForStrangers(request: Request, { caller }: HttpCall): LandingFacts {
  const { host, protocol } = new URL(request.url);
  const origin = `${caller?.scheme ?? protocol.slice(0, -1)}://${host}`;
  return { origin, needsKey: true, brand: undefined, isSandbox: false };
}
