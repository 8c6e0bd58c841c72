import { type Answer, jsonAnswer } from "./answer.ts";
import type { FeishuRequest } from "./feishu_request.ts";
import { textField } from "./feishu_request.ts";
import { refusal } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";

/** `POST /open-apis/auth/v3/app_access_token/internal`. The app token of a custom app is its tenant token. */
export function issueAppToken(sandbox: Sandbox, request: FeishuRequest): Answer {
  return issueInternal(sandbox, request, (token, expire) => ({
    app_access_token: token,
    code: 0,
    expire,
    msg: "ok",
    tenant_access_token: token,
  }));
}

/** `POST /open-apis/auth/v3/tenant_access_token/internal`. */
export function issueTenantToken(sandbox: Sandbox, request: FeishuRequest): Answer {
  return issueInternal(sandbox, request, (token, expire) => ({
    code: 0,
    msg: "ok",
    tenant_access_token: token,
    expire,
  }));
}

function issueInternal(
  sandbox: Sandbox,
  request: FeishuRequest,
  body: (token: string, expireSeconds: number) => Readonly<Record<string, unknown>>,
): Answer {
  const appId = request.encoding === "json" ? textField(request, "app_id") : undefined;
  const appSecret = textField(request, "app_secret");
  const app = appId === undefined ? undefined : sandbox.app(appId);
  if (app === undefined || appSecret === undefined) return refusal("auth_v3", 10003, request.logId);
  if (!sandbox.apps.isReady(app.appId)) return refusal("auth_v3", 10003, request.logId);
  if (appSecret !== app.appSecret) return refusal("auth_v3", 10014, request.logId);
  const nowMs = sandbox.clock.now();
  const { token, expiresAtMs } = sandbox.appTokens.issue(app.appId, nowMs);
  return jsonAnswer(200, body(token, Math.floor((expiresAtMs - nowMs) / 1000)));
}
