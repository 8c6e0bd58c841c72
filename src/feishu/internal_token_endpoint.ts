import { defined } from "../defined.ts";
import type { AppCredentials, FeishuAnswer } from "../ports/feishu.ts";
import { Secret } from "../secret.ts";
import { readAnswerBody } from "./answer_body.ts";
import type { Hosts } from "./hosts.ts";
import { readLifetimeMs, readText } from "./lenient_fields.ts";
import { APP_TOKEN_DEFAULT_LIFETIME_MS } from "./limits.ts";
import { readLogId } from "./read_log_id.ts";
import { readRefusal } from "./read_refusal.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** The token that one of the two endpoints for custom apps issues: the app's own, or its tenant's. */
export type InternalKind = "app" | "tenant";

/**
 * Requests the app token or the tenant token of a custom app.
 *
 * @see https://open.feishu.cn/document/server-docs/authentication-management/access-token/app_access_token_internal
 * @see https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal
 */
export function buildInternalTokenRequest(
  hosts: Hosts,
  kind: InternalKind,
  { brand, appId, appSecret }: AppCredentials,
): WireRequest {
  return {
    url: hosts.address(brand, "open", `/open-apis/auth/v3/${kind}_access_token/internal`),
    body: { app_id: appId, app_secret: appSecret.reveal() },
  };
}

/**
 * Reads the answer. A token of `kind` that can be read counts, whatever status, `code` or `expire` come with it. The
 * tenant token that the app token's endpoint adds is ignored.
 */
export function readInternalTokenAnswer(kind: InternalKind, answer: WireAnswer): FeishuAnswer {
  const body = readAnswerBody(answer.text);
  const accessToken = readText(body.fields[`${kind}_access_token`]);
  if (accessToken === undefined) return readRefusal(answer, body, "auth");
  const lifetimeMs = readLifetimeMs(body.fields.expire) ?? APP_TOKEN_DEFAULT_LIFETIME_MS;
  const logId = readLogId(answer.headers, body.fields);
  return {
    kind: "issued",
    token: { accessToken: new Secret(accessToken), lifetimeMs, expiresAtMs: answer.sentAtMs + lifetimeMs },
    ...defined({ logId }),
  };
}
