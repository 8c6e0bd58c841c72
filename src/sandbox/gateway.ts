import type { AccessToken } from "./access_tokens.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { bearerToken, type FeishuRequest } from "./feishu_request.ts";
import { refusal } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";
import { userProfile } from "./sandbox_user.ts";

/** `GET /open-apis/authen/v1/user_info`, for user tokens. */
export function userInfo(sandbox: Sandbox, request: FeishuRequest): Answer {
  const admitted = admit(sandbox, request, "user");
  if ("status" in admitted) return admitted;
  const user = sandbox.users().find(({ openId }) => openId === admitted.openId);
  if (user === undefined) return refusal("legacy", 20008, request.logId);
  return jsonAnswer(200, { code: 0, msg: "success", data: userProfile(user) });
}

/** `GET /open-apis/contact/v3/scopes`, for tenant tokens: the users that the app may see. */
export function contactScopes(sandbox: Sandbox, request: FeishuRequest): Answer {
  const admitted = admit(sandbox, request, "tenant");
  if ("status" in admitted) return admitted;
  const userIds = sandbox.users().filter(({ appId }) => appId === admitted.appId).map(({ openId }) => openId);
  return jsonAnswer(200, {
    code: 0,
    msg: "success",
    data: { department_ids: [], user_ids: userIds, group_ids: [], has_more: false },
  });
}

/** The tokens that an API takes: of users, of tenants, or both. */
export type AcceptedTokens = AccessToken["kind"] | "any";

/** Feishu's gateway, in front of every API: lets a live token of an accepted kind pass, and refuses any other call. */
export function admit(
  sandbox: Sandbox,
  request: FeishuRequest,
  accepted: AcceptedTokens,
): AccessToken | Answer {
  const text = bearerToken(request);
  if (text === undefined) return refusal("gateway", 99991661, request.logId);
  const token = sandbox.accessTokens.find(text);
  const isAccepted = accepted === "any" || token?.kind === accepted;
  if (token !== undefined && isAccepted && token.expiresAtMs > sandbox.clock.now()) return token;
  // An API for both kinds judges an unknown token by its beginning: those of tenants alone begin with `t-`.
  const wanted = accepted === "any" ? token?.kind ?? (text.startsWith("t-") ? "tenant" : "user") : accepted;
  if (wanted === "tenant") return refusal("gateway", 99991663, request.logId);
  return refusal("gateway", token?.kind === "user" ? 99991677 : 99991668, request.logId);
}
