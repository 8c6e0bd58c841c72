import { type Answer, jsonAnswer, textAnswer } from "./answer.ts";
import { authenticateClient } from "./authenticate_client.ts";
import { agree } from "./agree.ts";
import { scopeNames } from "./scope_names.ts";
import { DEVICE_CODE_LIFE_MS, type DeviceRefusal, POLL_INTERVAL_SECONDS } from "./device_codes.ts";
import { basicCredentials, type FeishuRequest, textField } from "./feishu_request.ts";
import { escapeHtml, hiddenForm, htmlAnswer } from "./html_answer.ts";
import { refusal } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";
import { isKnownScope, type SandboxApp } from "./sandbox_apps.ts";

/** Path of the page on which the user types the user code. */
export const VERIFY_PATH = "/oauth/v1/device/verify";

/** `POST /oauth/v1/device_authorization` of the accounts host, form or JSON, for an app that sends its secret. */
export function startDevice(sandbox: Sandbox, request: FeishuRequest): Answer {
  const app = authenticateClient(sandbox, request, true);
  if (app === 20001) return missing("client_secret");
  if (typeof app === "number") return refusal("oauth", app, request.logId);
  return startLogin(sandbox, request, app);
}

/**
 * `POST …/authen/v2/oauth/device_authorization` of the API host, the path of Feishu's SDK for Python, which sends the
 * secret with the polls alone. A secret that is sent must be the app's.
 */
export function startDeviceWithoutSecret(sandbox: Sandbox, request: FeishuRequest): Answer {
  const hasSecret = textField(request, "client_secret") !== undefined ||
    basicCredentials(request) !== undefined;
  if (hasSecret) return startDevice(sandbox, request);
  const clientId = textField(request, "client_id");
  if (clientId === undefined) return missing("client_id");
  const app = sandbox.app(clientId);
  return app === undefined ? refusal("oauth", 20048, request.logId) : startLogin(sandbox, request, app);
}

function missing(field: string): Answer {
  const error_description = `The request is missing a required parameter: ${field}.`;
  return jsonAnswer(400, { error: "invalid_request", error_description });
}

function startLogin(sandbox: Sandbox, request: FeishuRequest, app: SandboxApp): Answer {
  const scope = textField(request, "scope") ?? "";
  if (!scopeNames(scope).every((name) => isKnownScope(app, name))) {
    return jsonAnswer(400, {
      error: "invalid_scope",
      error_description:
        "The provided scope list contains invalid or malformed scopes. Please ensure all scopes are valid.",
    });
  }
  if (sandbox.behaviour.switches.new_device_code_kills_earlier) sandbox.deviceCodes.endWaiting(app.appId);
  const login = {
    deviceCode: sandbox.mint.code(),
    userCode: sandbox.mint.userCode(),
    appId: app.appId,
    scope,
  };
  sandbox.deviceCodes.add(login, sandbox.clock.now());
  const page = `${request.origin}${VERIFY_PATH}`;
  const query = new URLSearchParams({ flow_id: sandbox.mint.code().slice(0, 16), user_code: login.userCode });
  return {
    ...jsonAnswer(200, {
      device_code: login.deviceCode,
      user_code: login.userCode,
      verification_uri: page,
      verification_uri_complete: `${page}?${query}`,
      expires_in: DEVICE_CODE_LIFE_MS / 1000,
      interval: POLL_INTERVAL_SECONDS,
    }),
    code: 0,
  };
}

/** The token endpoint's answer to a poll that is refused. */
export function refuseDevice({ behaviour }: Sandbox, why: DeviceRefusal, logId: string): Answer {
  switch (why) {
    case "device_unknown":
      return refusal("oauth", 20079, logId);
    case "device_pending":
      return refusal("oauth", 20094, logId);
    case "device_too_fast":
      return refusal("oauth", 20095, logId);
    case "device_denied":
      return jsonAnswer(400, {
        error: "access_denied",
        error_description: "The user denied the authorization request.",
      });
    case "device_expired":
      if (behaviour.switches.expired_device_code_unknown) return refusal("oauth", 20079, logId);
      return jsonAnswer(400, { error: "expired_token", error_description: "The device_code has expired." });
  }
}

/** `GET /oauth/v1/device/verify`: the page of a user code. */
export function showDevicePage(sandbox: Sandbox, request: FeishuRequest): Answer {
  const userCode = request.query.get("user_code") ?? "";
  const login = sandbox.deviceCodes.waiting(userCode, sandbox.clock.now());
  if (login === undefined) {
    return htmlAnswer("Link expired", "<p>No login waits for this code.</p>", 20001);
  }
  const form = (decision: string, button: string): string =>
    hiddenForm(VERIFY_PATH, button, { user_code: userCode, decision });
  return htmlAnswer(
    "Log in to a device",
    `<p>${escapeHtml(login.appId)} asks for: ${escapeHtml(login.scope)}</p>` +
      form("approve", "Authorize") + form("deny", "Decline"),
  );
}

/** `POST /oauth/v1/device/verify`: the user's decision on that page. */
export function decideOnDevicePage(sandbox: Sandbox, request: FeishuRequest): Answer {
  const action = textField(request, "decision") === "approve" ? "approve" : "deny";
  const userCode = textField(request, "user_code") ?? "";
  const { user, scope } = sandbox.consent.mode;
  return decideDevice(sandbox, { userCode, action, user, scope })
    ? htmlAnswer("Done", "<p>You can close this page.</p>")
    : textAnswer(404, "404 page not found");
}

/** What a user does on the page of a user code. */
export interface DeviceAction {
  /** As shown to the user. */
  readonly userCode: string;
  /** `expire`: the user does nothing until the code has expired. */
  readonly action: "approve" | "deny" | "expire";
  /** A name or an existing open_id. */
  readonly user: string;
  /** Separated by spaces; granted instead of the requested scopes. */
  readonly scope?: string | undefined;
}

/** Lets a user decide. Returns `false` if no login waits for the code. */
export function decideDevice(sandbox: Sandbox, { userCode, action, user, scope }: DeviceAction): boolean {
  const login = sandbox.deviceCodes.waiting(userCode, sandbox.clock.now());
  const app = login === undefined ? undefined : sandbox.app(login.appId);
  if (login === undefined || app === undefined) return false;
  const decision = action === "approve"
    ? agree(sandbox, { app, user: sandbox.user(app, user), scope: scope ?? login.scope })
    : action === "deny"
    ? "denied"
    : "expired";
  sandbox.deviceCodes.decide(login.deviceCode, decision);
  return true;
}
