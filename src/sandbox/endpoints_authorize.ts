import type { Answer } from "./answer.ts";
import { agree } from "./agree.ts";
import { describeScope } from "./describe_scope.ts";
import { scopeNames } from "./scope_names.ts";
import type { FeishuRequest } from "./feishu_request.ts";
import { escapeHtml, hiddenForm, htmlAnswer } from "./html_answer.ts";
import { allowsRedirect, type SandboxApp } from "./sandbox_apps.ts";
import type { Sandbox } from "./sandbox.ts";

/** Path of the page on which a user agrees in the browser. */
export const AUTHORIZE_PATH = "/open-apis/authen/v1/authorize";

/** Fields of the page's address, which its forms repeat. */
interface AuthorizeQuery {
  readonly app: SandboxApp;
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string | undefined;
  readonly challenge: string | undefined;
  readonly method: string | undefined;
  readonly prompt: string | undefined;
}

/** `GET …/authen/v1/authorize`: the page with its two forms, or a redirect as the mode says. */
export function showAuthorizePage(sandbox: Sandbox, request: FeishuRequest): Answer {
  return showPage(sandbox, request, () => "");
}

/**
 * `GET …/authen/v1/index`: the same page under its oldest address, where an app that names no scope asks for all that
 * it has. So says the help of Feishu's lark-mcp, which opens this page.
 */
export function showIndexPage(sandbox: Sandbox, request: FeishuRequest): Answer {
  return showPage(sandbox, request, ({ scopes }) => scopes.filter(isForUsers).join(" "));
}

function showPage(
  sandbox: Sandbox,
  request: FeishuRequest,
  usualScope: (app: SandboxApp) => string,
): Answer {
  const query = readQuery(sandbox, (name) => request.query.get(name) ?? undefined, usualScope);
  if ("status" in query) return query;
  const { mode } = sandbox.consent.mode;
  const isSilent = sandbox.behaviour.switches.in_client && query.prompt !== "consent";
  if (mode === "deny") return redirectBack(query, { error: "access_denied" });
  if (mode === "approve" || isSilent) return redirectBack(query, { code: grantCode(sandbox, query) });
  const form = (decision: string, button: string): string =>
    hiddenForm(AUTHORIZE_PATH, button, {
      client_id: query.app.appId,
      redirect_uri: query.redirectUri,
      scope: query.scope,
      state: query.state,
      code_challenge: query.challenge,
      code_challenge_method: query.method,
      decision,
    });
  return htmlAnswer(
    "Authorize the app",
    `<p>${escapeHtml(query.app.name)} (${escapeHtml(query.app.appId)}) asks for: ${
      escapeHtml(query.scope)
    }</p>` +
      form("approve", "Authorize") + form("deny", "Decline"),
  );
}

/** `POST …/authen/v1/authorize`: the user's decision on that page. */
export function decideOnAuthorizePage(sandbox: Sandbox, request: FeishuRequest): Answer {
  const field = (name: string): string | undefined => {
    const value = request.fields?.[name];
    return typeof value === "string" ? value : undefined;
  };
  const query = readQuery(sandbox, field, () => "");
  if ("status" in query) return query;
  return field("decision") === "approve"
    ? redirectBack(query, { code: grantCode(sandbox, query) })
    : redirectBack(query, { error: "access_denied" });
}

function isForUsers(scope: string): boolean {
  return describeScope(scope).token_types.includes("user");
}

function readQuery(
  sandbox: Sandbox,
  field: (name: string) => string | undefined,
  usualScope: (app: SandboxApp) => string,
): AuthorizeQuery | Answer {
  const app = sandbox.app(field("client_id") ?? field("app_id") ?? "");
  if (app === undefined) return errorPage(20048, "The specified app does not exist.");
  const redirectUri = field("redirect_uri") ?? "";
  if (!allowsRedirect(app, redirectUri)) return errorPage(20029, "The redirect URI is invalid.");
  const scope = field("scope") ?? usualScope(app);
  if (!scopeNames(scope).every((name) => app.scopes.includes(name))) {
    return errorPage(20027, "The app has not been granted a scope that it asks for.");
  }
  return {
    app,
    redirectUri,
    scope,
    state: field("state"),
    challenge: field("code_challenge"),
    method: field("code_challenge_method"),
    prompt: field("prompt"),
  };
}

/** Feishu shows such an error on its own page, with HTTP 200, and does not tell the app. */
function errorPage(code: number, text: string): Answer {
  return htmlAnswer(`Error code: ${code}`, `<p>${escapeHtml(text)}</p>`, code);
}

function grantCode(sandbox: Sandbox, { app, scope, redirectUri, challenge, method }: AuthorizeQuery): string {
  const { user, scope: granted } = sandbox.consent.mode;
  const authorization = agree(sandbox, { app, user: sandbox.user(app, user), scope: granted ?? scope });
  const code = sandbox.mint.code();
  sandbox.codes.add(code, authorization, {
    redirectUri,
    ...(challenge === undefined ? {} : { challenge, isHashed: method === "S256" }),
  });
  return code;
}

/** Adds the outcome to the query, in front of the address's fragment. */
function redirectBack(
  { redirectUri, state }: AuthorizeQuery,
  outcome: { readonly code: string } | { readonly error: string },
): Answer {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(outcome)) url.searchParams.set(name, value);
  if (state !== undefined) url.searchParams.set("state", state);
  return {
    status: 302,
    contentType: "text/plain; charset=utf-8",
    headers: { "Location": url.href, "Cache-Control": "no-store" },
    body: "",
    code: 0,
  };
}
