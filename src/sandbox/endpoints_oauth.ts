import { type Answer, jsonAnswer } from "./answer.ts";
import { authenticateClient } from "./authenticate_client.ts";
import { refuseDevice } from "./endpoints_device.ts";
import { type FeishuRequest, textField } from "./feishu_request.ts";
import { refusal } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";
import { APP_TOKEN_LIFE_MS } from "./token_lifetimes.ts";
import { type IssuedPair, type PairRefusal, redeemCode, redeemDevice, refreshPair } from "./user_tokens.ts";

/** The generations that authenticate the app by its id and secret in each request. */
export type OauthGeneration = "v2" | "v3";

/** @see RFC 8628 section 3.4 */
const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

const OAUTH_CODES: Readonly<Record<PairRefusal, number>> = {
  code_unknown: 20003,
  code_used: 20065,
  code_expired: 20004,
  code_foreign: 20024,
  refresh_unknown: 20026,
  refresh_other_generation: 20026,
  refresh_spent: 20064,
  refresh_revoked: 20064,
  refresh_expired: 20037,
  refresh_foreign: 20024,
  refresh_off: 20074,
  redirect_differs: 20071,
  verifier_refused: 20049,
  scope_repeated: 20067,
  scope_not_granted: 20068,
};

/** `POST /open-apis/authen/v2/oauth/token` and `POST /oauth/v3/token`, JSON or form. */
export async function answerOauthToken(
  sandbox: Sandbox,
  request: FeishuRequest,
  generation: OauthGeneration,
): Promise<Answer> {
  const refuse = (code: number): Answer => refusal("oauth", code, request.logId);
  if (request.fields === null) return refuse(20063);
  const grantType = textField(request, "grant_type");
  if (grantType === undefined) return refuse(20001);
  const app = authenticateClient(sandbox, request, generation === "v3");
  if (typeof app === "number") return refuse(app);
  const { appId } = app;
  const scope = textField(request, "scope");

  if (grantType === "authorization_code") {
    const code = textField(request, "code");
    if (code === undefined) return refuse(20001);
    const redirectUri = textField(request, "redirect_uri");
    const verifier = textField(request, "code_verifier");
    const asked = { generation, appId, code, scope, redirectUri, verifier };
    return oauthAnswer(sandbox, await redeemCode(sandbox, asked), request);
  }
  if (grantType === "refresh_token") {
    const refreshToken = textField(request, "refresh_token");
    if (refreshToken === undefined) return refuse(20001);
    return oauthAnswer(
      sandbox,
      await refreshPair(sandbox, { generation, appId, refreshToken, scope }),
      request,
    );
  }
  if (grantType === DEVICE_GRANT) {
    const deviceCode = textField(request, "device_code");
    if (deviceCode === undefined) return refuse(20001);
    const outcome = await redeemDevice(sandbox, { generation, appId, deviceCode });
    return typeof outcome === "string"
      ? refuseDevice(sandbox, outcome, request.logId)
      : oauthAnswer(sandbox, outcome, request);
  }
  if (grantType === "client_credentials" && generation === "v3") {
    return await issueClientToken(sandbox, appId);
  }
  return refuse(20036);
}

/** Issues a tenant token for `client_credentials`. Each call makes a new one, since no reuse is documented. */
async function issueClientToken(sandbox: Sandbox, appId: string): Promise<Answer> {
  const nowMs = sandbox.clock.now();
  const token = await sandbox.mint.signed("tenant_access_token", {
    appId,
    scope: "",
    issuedAtMs: nowMs,
  });
  sandbox.accessTokens.add({ token, kind: "tenant", appId, expiresAtMs: nowMs + APP_TOKEN_LIFE_MS });
  return jsonAnswer(200, {
    code: 0,
    access_token: token,
    token_type: "Bearer",
    expires_in: APP_TOKEN_LIFE_MS / 1000,
  });
}

function oauthAnswer(
  { behaviour }: Sandbox,
  outcome: IssuedPair | PairRefusal,
  request: FeishuRequest,
): Answer {
  if (typeof outcome === "string") return refusal("oauth", OAUTH_CODES[outcome], request.logId);
  const { refresh } = outcome;
  const body = {
    ...(behaviour.switches.success_code ? { code: 0 } : {}),
    ...(behaviour.switches.status_message ? { status_message: "success" } : {}),
    access_token: outcome.accessToken,
    expires_in: outcome.expiresInSeconds,
    ...(refresh === undefined
      ? {}
      : { refresh_token: refresh.token, refresh_token_expires_in: refresh.expiresInSeconds }),
    scope: outcome.scope,
    token_type: "Bearer",
  };
  return { ...jsonAnswer(200, body), code: 0 };
}
