import { defined } from "../defined.ts";
import type { CodeRedeemRequest, FeishuAnswer } from "../ports/feishu.ts";
import type { Hosts } from "./hosts.ts";
import { oauthTokenAddress } from "./oauth_token_address.ts";
import { readLoginAnswer } from "./read_login_answer.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/**
 * Presents an authorization code once. Without `scope`, which could only narrow what the person has just agreed to.
 *
 * @see https://open.feishu.cn/document/authentication-management/access-token/get-user-access-token
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.5
 */
export function buildCodeRedeem(
  hosts: Hosts,
  { endpoint, credentials, code, redirectUri, verifier }: CodeRedeemRequest,
): WireRequest {
  return {
    url: oauthTokenAddress(hosts, endpoint, credentials.brand),
    body: {
      grant_type: "authorization_code",
      client_id: credentials.appId,
      client_secret: credentials.appSecret.reveal(),
      code: code.reveal(),
      redirect_uri: redirectUri,
      ...defined({ code_verifier: verifier?.reveal() }),
    },
  };
}

/** Reads the answer: the pair, which Feishu issues only once, or the reason why there is none. */
export function readCodeRedeem(
  answer: WireAnswer,
  { code }: Pick<CodeRedeemRequest, "code">,
): FeishuAnswer {
  return readLoginAnswer(answer, "code", code);
}
