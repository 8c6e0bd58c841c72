import type { FeishuAnswer, RefreshEndpoint, RefreshRequest } from "../ports/feishu.ts";
import type { Hosts, HostSide } from "./hosts.ts";
import { readUserTokenAnswer } from "./read_user_token_answer.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** The generations that authenticate the app by its id and secret in the body. */
export type OAuthEndpoint = Extract<RefreshEndpoint, "v2" | "v3">;

const PLACES: Readonly<Record<OAuthEndpoint, { readonly side: HostSide; readonly path: string }>> = {
  v2: { side: "open", path: "/open-apis/authen/v2/oauth/token" },
  v3: { side: "accounts", path: "/oauth/v3/token" },
};

/**
 * Presents a refresh token to one of the newer generations. Without `scope`, so that the granted scopes stay.
 *
 * @see https://open.feishu.cn/document/authentication-management/access-token/refresh-user-access-token
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 */
export function buildOAuthRefresh(
  hosts: Hosts,
  endpoint: OAuthEndpoint,
  { credentials, refreshToken }: RefreshRequest,
): WireRequest {
  const { side, path } = PLACES[endpoint];
  return {
    url: hosts.address(credentials.brand, side, path),
    body: {
      grant_type: "refresh_token",
      client_id: credentials.appId,
      client_secret: credentials.appSecret.reveal(),
      refresh_token: refreshToken.reveal(),
    },
  };
}

/** Reads the answer: flat JSON, refusals with HTTP 4xx or 5xx, a refresh token of about 7 days. */
export function readOAuthRefresh(
  answer: WireAnswer,
  { refreshToken }: Pick<RefreshRequest, "refreshToken">,
): FeishuAnswer {
  return readUserTokenAnswer(answer, "oauth", refreshToken);
}
