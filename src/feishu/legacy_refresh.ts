import type { FeishuAnswer, RefreshEndpoint, RefreshRequest } from "../ports/feishu.ts";
import type { Hosts } from "./hosts.ts";
import { readUserTokenAnswer } from "./read_user_token_answer.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** The generations that authenticate the app by an app token in `Authorization`. */
export type LegacyEndpoint = Extract<RefreshEndpoint, "v1" | "oidc">;

const PATHS: Readonly<Record<LegacyEndpoint, string>> = {
  v1: "/open-apis/authen/v1/refresh_access_token",
  oidc: "/open-apis/authen/v1/oidc/refresh_access_token",
};

/**
 * Presents a refresh token to one of the older generations.
 *
 * @throws TypeError without an app token: a programming error.
 * @see https://open.feishu.cn/document/server-docs/historic-version/authen/create-refresh_access_token
 * @see https://open.feishu.cn/document/server-docs/historic-version/authen/create-oidc-refresh_access_token
 */
export function buildLegacyRefresh(
  hosts: Hosts,
  endpoint: LegacyEndpoint,
  { credentials, refreshToken, appToken }: RefreshRequest,
): WireRequest {
  if (appToken === undefined) {
    throw new TypeError(`The endpoint "${endpoint}" needs an app token: none was given`);
  }
  return {
    url: hosts.address(credentials.brand, "open", PATHS[endpoint]),
    bearer: appToken,
    body: { grant_type: "refresh_token", refresh_token: refreshToken.reveal() },
  };
}

/** Reads the answer: `{code, msg, data}`, refusals with HTTP 200, a refresh token of about 30 days. */
export function readLegacyRefresh(
  answer: WireAnswer,
  { refreshToken }: Pick<RefreshRequest, "refreshToken">,
): FeishuAnswer {
  return readUserTokenAnswer(answer, "legacy", refreshToken);
}
