import type { FeishuAnswer, LoginEndpoint, RefreshRequest } from "../ports/feishu.ts";
import type { Hosts } from "./hosts.ts";
import { oauthTokenAddress } from "./oauth_token_address.ts";
import { readUserTokenAnswer } from "./read_user_token_answer.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";
import { withLoginClaims } from "./with_login_claims.ts";

/**
 * Presents a refresh token to one of the newer generations. Without `scope`, so that the granted scopes stay.
 *
 * @see https://open.feishu.cn/document/authentication-management/access-token/refresh-user-access-token
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 */
export function buildOAuthRefresh(
  hosts: Hosts,
  endpoint: LoginEndpoint,
  { credentials, refreshToken }: RefreshRequest,
): WireRequest {
  return {
    url: oauthTokenAddress(hosts, endpoint, credentials.brand),
    body: {
      grant_type: "refresh_token",
      client_id: credentials.appId,
      client_secret: credentials.appSecret.reveal(),
      refresh_token: refreshToken.reveal(),
    },
  };
}

/**
 * Reads the answer: flat JSON, refusals with HTTP 4xx or 5xx, a refresh token of about 7 days. With the claims of the
 * access token a refresh token that another tool obtained tells which authorization it belongs to.
 */
export function readOAuthRefresh(
  answer: WireAnswer,
  { refreshToken }: Pick<RefreshRequest, "refreshToken">,
): FeishuAnswer {
  return withLoginClaims(readUserTokenAnswer(answer, "oauth", refreshToken), answer.receivedAtMs);
}
