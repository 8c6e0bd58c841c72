import { type Answer, jsonAnswer } from "./answer.ts";
import type { FeishuRequest } from "./feishu_request.ts";
import { admit } from "./gateway.ts";
import { refusal } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";
import { describeScope } from "./describe_scope.ts";
import { botOpenId } from "./sandbox_user.ts";

/** Path of {@linkcode showApplication}. */
export const APPLICATION_PATH = "/open-apis/application/v6/applications/:app_id";

/** Value of `status` of an app in use; 0 would be one that an administrator has stopped. */
const ENABLED = 1;
/** Value of `activate_status` of a bot in use. */
const BOT_ENABLED = 2;

/** Any other API: the gateway lets a live token of any kind pass, and nothing is behind it. */
export function answerAnyApi(sandbox: Sandbox, request: FeishuRequest): Answer {
  const admitted = admit(sandbox, request, "any");
  if ("status" in admitted) return admitted;
  return jsonAnswer(200, { code: 0, msg: "success", data: {} });
}

/**
 * `GET …/application/v6/applications/:app_id`, for tenant tokens: what the developer console says of the app itself,
 * with its enabled scopes. `me` is the app of the token.
 *
 * @see https://open.feishu.cn/document/server-docs/application-v6/application/get
 */
export function showApplication(sandbox: Sandbox, request: FeishuRequest): Answer {
  const admitted = admit(sandbox, request, "tenant");
  if ("status" in admitted) return admitted;
  const [asked = ""] = /[^/]+(?=\/?$)/.exec(request.path) ?? [];
  const app = sandbox.app(asked === "me" ? admitted.appId : asked);
  if (app === undefined) return refusal("gateway", 210506, request.logId, { status: 400 });
  // Without a permission of its own, an app may look at itself alone.
  if (app.appId !== admitted.appId) return refusal("gateway", 210508, request.logId, { status: 400 });
  return jsonAnswer(200, {
    code: 0,
    msg: "success",
    data: {
      app: { app_id: app.appId, app_name: app.name, status: ENABLED, scopes: app.scopes.map(describeScope) },
    },
  });
}

/**
 * `GET …/bot/v3/info`, for tenant tokens.
 *
 * @see https://open.feishu.cn/document/client-docs/bot-v3/obtain-bot-info
 */
export function showBot(sandbox: Sandbox, request: FeishuRequest): Answer {
  const admitted = admit(sandbox, request, "tenant");
  if ("status" in admitted) return admitted;
  const app = sandbox.app(admitted.appId);
  if (app === undefined) return refusal("gateway", 99991663, request.logId);
  return jsonAnswer(200, {
    code: 0,
    msg: "ok",
    bot: {
      activate_status: BOT_ENABLED,
      app_name: app.name,
      avatar_url: `https://avatar.invalid/${app.appId}`,
      ip_white_list: [],
      open_id: botOpenId(app),
    },
  });
}
