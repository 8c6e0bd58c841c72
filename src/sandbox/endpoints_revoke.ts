import { type Answer, jsonAnswer } from "./answer.ts";
import { authenticateClient } from "./authenticate_client.ts";
import { type FeishuRequest, textField } from "./feishu_request.ts";
import { refusal } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";

/** Path of {@linkcode revokeToken}. */
export const REVOKE_PATH = "/oauth/v1/revoke";

/** `POST /oauth/v1/revoke`, form or JSON. Switches decide what ends together with the presented token. */
export function revokeToken(sandbox: Sandbox, request: FeishuRequest): Answer {
  const app = authenticateClient(sandbox, request, true);
  if (typeof app === "number") return refusal("oauth", app, request.logId);
  const token = textField(request, "token");
  if (token === undefined) return refusal("oauth", 20001, request.logId);
  return endToken(sandbox, app.appId, token) || !sandbox.behaviour.switches.revoke_refuses_dead_token
    ? jsonAnswer(200, { code: 0 })
    : refusal("oauth", 20064, request.logId);
}

/** Ends `token`. Returns `false` if it was not a live token of the app. */
function endToken(
  { families, accessTokens, behaviour, clock }: Sandbox,
  appId: string,
  token: string,
): boolean {
  const access = accessTokens.findLive(token, "user", clock.now());
  const authorization = access?.authorization ?? families.authorizationOf(token, clock.now());
  if (authorization === undefined || authorization.user.appId !== appId) return false;
  const { revoke_kills_family, revoke_kills_access_tokens, revoke_kills_other_families } = behaviour.switches;
  accessTokens.revoke(token);
  families.retire(token);
  if (revoke_kills_family) families.revokeAuthorization(authorization);
  if (revoke_kills_access_tokens) accessTokens.revokeOf(authorization);
  if (revoke_kills_other_families) families.revokeUser(authorization.user.openId);
  return true;
}
