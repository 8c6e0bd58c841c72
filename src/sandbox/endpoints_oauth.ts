import { type Answer, jsonAnswer } from "./answer.ts";
import { basicCredentials, type FeishuRequest, textField } from "./feishu_request.ts";
import { refusal } from "./refusal.ts";
import type { SandboxApp } from "./sandbox_apps.ts";
import type { Sandbox } from "./sandbox.ts";
import { APP_TOKEN_LIFE_MS } from "./token_lifetimes.ts";
import { type IssuedPair, type PairRefusal, redeemCode, refreshPair } from "./user_tokens.ts";

/** The generations that authenticate the app by its id and secret in each request. */
export type OauthGeneration = "v2" | "v3";

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
  const app = authenticate(sandbox, request, generation);
  if (typeof app === "number") return refuse(app);
  const { appId } = app;
  const scope = textField(request, "scope");

  if (grantType === "authorization_code") {
    const code = textField(request, "code");
    if (code === undefined) return refuse(20001);
    // The sandbox makes its codes without a challenge. Then v3 refuses a verifier, and v2 ignores it.
    if (generation === "v3" && textField(request, "code_verifier") !== undefined) return refuse(20049);
    return oauthAnswer(await redeemCode(sandbox, { generation, appId, code, scope }), request);
  }
  if (grantType === "refresh_token") {
    const refreshToken = textField(request, "refresh_token");
    if (refreshToken === undefined) return refuse(20001);
    return oauthAnswer(await refreshPair(sandbox, { generation, appId, refreshToken, scope }), request);
  }
  if (grantType === "client_credentials" && generation === "v3") {
    return await issueClientToken(sandbox, appId);
  }
  return refuse(20036);
}

/** The app that the request authenticates, or Feishu's code for the refusal. */
function authenticate(
  sandbox: Sandbox,
  request: FeishuRequest,
  generation: OauthGeneration,
): SandboxApp | number {
  const basic = generation === "v3" ? basicCredentials(request) : undefined;
  const postedSecret = textField(request, "client_secret");
  if (basic !== undefined && postedSecret !== undefined) return 20070;
  const clientId = basic?.clientId ?? textField(request, "client_id");
  const clientSecret = basic?.clientSecret ?? postedSecret;
  if (clientId === undefined || clientSecret === undefined) return 20001;
  const app = sandbox.app(clientId);
  if (app === undefined) return 20048;
  return app.appSecret === clientSecret ? app : 20002;
}

/** Issues a tenant token for `client_credentials`. Each call makes a new one, since no reuse is documented. */
async function issueClientToken(sandbox: Sandbox, appId: string): Promise<Answer> {
  const nowMs = sandbox.clock.now();
  const token = await sandbox.mint.signed("tenant_access_token", {
    appId,
    subject: appId,
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

function oauthAnswer(outcome: IssuedPair | PairRefusal, request: FeishuRequest): Answer {
  if (typeof outcome === "string") return refusal("oauth", OAUTH_CODES[outcome], request.logId);
  const { refresh } = outcome;
  return jsonAnswer(200, {
    code: 0,
    access_token: outcome.accessToken,
    expires_in: outcome.expiresInSeconds,
    ...(refresh === undefined
      ? {}
      : { refresh_token: refresh.token, refresh_token_expires_in: refresh.expiresInSeconds }),
    scope: outcome.scope,
    token_type: "Bearer",
  });
}
