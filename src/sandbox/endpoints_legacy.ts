import { type Answer, jsonAnswer } from "./answer.ts";
import { bearerToken, type FeishuRequest, textField } from "./feishu_request.ts";
import { refusal } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";
import { userProfile } from "./sandbox_user.ts";
import { type IssuedPair, type PairRefusal, redeemCode, refreshPair } from "./user_tokens.ts";

/** The generations that authenticate the app by an app token in `Authorization`. */
export type LegacyGeneration = "v1" | "oidc";

/** These endpoints have one code for a spent, a revoked and an unknown refresh token. */
const LEGACY_CODES: Readonly<Record<PairRefusal, number>> = {
  code_unknown: 20003,
  code_used: 20003,
  code_expired: 20004,
  code_foreign: 20024,
  refresh_unknown: 20026,
  refresh_other_generation: 20026,
  refresh_spent: 20026,
  refresh_revoked: 20026,
  refresh_expired: 20037,
  refresh_foreign: 20024,
  refresh_off: 20074,
  // These endpoints take no challenge.
  redirect_differs: 20003,
  verifier_refused: 20003,
  // These endpoints take no scope.
  scope_repeated: 20001,
  scope_not_granted: 20001,
};

/** `POST …/authen/v1/access_token` and `…/authen/v1/oidc/access_token`. */
export async function redeemLegacyCode(
  sandbox: Sandbox,
  request: FeishuRequest,
  generation: LegacyGeneration,
): Promise<Answer> {
  const asked = readGrant(sandbox, request, { grantType: "authorization_code", field: "code" });
  if ("code" in asked) return refusal("legacy", asked.code, request.logId);
  return legacyAnswer(
    await redeemCode(sandbox, { generation, appId: asked.appId, code: asked.value }),
    request,
    generation,
  );
}

/** `POST …/authen/v1/refresh_access_token` and `…/authen/v1/oidc/refresh_access_token`. */
export async function refreshLegacy(
  sandbox: Sandbox,
  request: FeishuRequest,
  generation: LegacyGeneration,
): Promise<Answer> {
  const asked = readGrant(sandbox, request, { grantType: "refresh_token", field: "refresh_token" });
  if ("code" in asked) return refusal("legacy", asked.code, request.logId);
  return legacyAnswer(
    await refreshPair(sandbox, { generation, appId: asked.appId, refreshToken: asked.value }),
    request,
    generation,
  );
}

function readGrant(
  sandbox: Sandbox,
  request: FeishuRequest,
  grant: { readonly grantType: string; readonly field: string },
): { readonly appId: string; readonly value: string } | { readonly code: number } {
  // The app token of a custom app is its tenant token, so that Feishu's own SDKs may send the latter.
  const appToken = sandbox.accessTokens.findLive(bearerToken(request) ?? "", "tenant", sandbox.clock.now());
  if (appToken === undefined) return { code: 20014 };
  const grantType = request.encoding === "json" ? textField(request, "grant_type") : undefined;
  const value = textField(request, grant.field);
  if (grantType === undefined || value === undefined) return { code: 20001 };
  if (grantType !== grant.grantType) return { code: 20036 };
  return { appId: appToken.appId, value };
}

function legacyAnswer(
  outcome: IssuedPair | PairRefusal,
  request: FeishuRequest,
  generation: LegacyGeneration,
): Answer {
  if (typeof outcome === "string") return refusal("legacy", LEGACY_CODES[outcome], request.logId);
  const data = generation === "oidc" ? oidcData(outcome) : v1Data(outcome);
  return jsonAnswer(200, { code: 0, msg: "success", data });
}

function oidcData(pair: IssuedPair): Readonly<Record<string, unknown>> {
  return {
    access_token: pair.accessToken,
    refresh_token: pair.refresh?.token,
    token_type: "Bearer",
    expires_in: pair.expiresInSeconds,
    refresh_expires_in: pair.refresh?.expiresInSeconds,
    scope: pair.scope,
  };
}

function v1Data(pair: IssuedPair): Readonly<Record<string, unknown>> {
  return {
    access_token: pair.accessToken,
    token_type: "Bearer",
    expires_in: pair.expiresInSeconds,
    ...userProfile(pair.user),
    refresh_expires_in: pair.refresh?.expiresInSeconds,
    refresh_token: pair.refresh?.token,
    sid: "sandbox",
  };
}
