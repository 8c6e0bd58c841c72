import type { AppCredentials, FeishuAnswer } from "../ports/feishu.ts";
import { Secret } from "../secret.ts";
import { readAnswerBody } from "./answer_body.ts";
import type { Hosts } from "./hosts.ts";
import { readLifetimeMs, readText } from "./lenient_fields.ts";
import { APP_TOKEN_DEFAULT_LIFETIME_MS } from "./limits.ts";
import { readLogId } from "./log_id.ts";
import { readRefusal } from "./refusal.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/**
 * Asks for the app token of a custom app.
 *
 * @see https://open.feishu.cn/document/server-docs/authentication-management/access-token/app_access_token_internal
 */
export function buildAppTokenRequest(hosts: Hosts, { brand, appId, appSecret }: AppCredentials): WireRequest {
  return {
    url: hosts.address(brand, "open", "/open-apis/auth/v3/app_access_token/internal"),
    body: { app_id: appId, app_secret: appSecret.reveal() },
  };
}

/**
 * Reads what came back. An app token that can be read is kept, whatever stands beside it: status, `code`, an odd `expire`.
 */
export function readAppTokenAnswer(answer: WireAnswer): FeishuAnswer {
  const body = readAnswerBody(answer.text);
  const accessToken = readText(body.fields.app_access_token);
  if (accessToken === undefined) return readRefusal(answer, body, "auth");
  const lifetimeMs = readLifetimeMs(body.fields.expire) ?? APP_TOKEN_DEFAULT_LIFETIME_MS;
  const logId = readLogId(answer.headers, body.fields);
  return {
    kind: "issued",
    token: { accessToken: new Secret(accessToken), lifetimeMs, expiresAtMs: answer.sentAtMs + lifetimeMs },
    ...(logId === undefined ? {} : { logId }),
  };
}
