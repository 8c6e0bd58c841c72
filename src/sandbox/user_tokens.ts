import { createHash } from "node:crypto";
import type { Authorization, CodeBinding, CodeRefusal } from "./authorization_codes.ts";
import type { DeviceRefusal } from "./device_codes.ts";
import type { Sandbox } from "./sandbox.ts";
import type { SandboxUser } from "./sandbox_user.ts";
import type { RefreshRefusal } from "./token_families.ts";
import { type Generation, TOKEN_LIFETIMES } from "./token_lifetimes.ts";

/** Why no pair was issued. */
export type PairRefusal =
  | CodeRefusal
  | RefreshRefusal
  | "redirect_differs"
  | "verifier_refused"
  | "refresh_off"
  | "scope_repeated"
  | "scope_not_granted";

/** An issued pair, with lifetimes in seconds, as Feishu answers them. */
export interface IssuedPair {
  /** User token. */
  readonly accessToken: string;
  /** Of the access token. */
  readonly expiresInSeconds: number;
  /** Absent without the scope `offline_access`, for the generations that require it. */
  readonly refresh?: { readonly token: string; readonly expiresInSeconds: number };
  /** Of this pair, separated by spaces. */
  readonly scope: string;
  /** Who authorized the app. */
  readonly user: SandboxUser;
}

/** Issues a pair as if `user` had just authorized the app through this generation. */
export function logIn(
  sandbox: Sandbox,
  generation: Generation,
  user: SandboxUser,
  scope: string,
): Promise<IssuedPair> {
  const authorization: Authorization = { user, scope, atMs: sandbox.clock.now() };
  return issuePair<never>(sandbox, generation, {
    authorization,
    scope,
    commit: (token, nowMs) => openFamily(sandbox, generation, { authorization, token, nowMs }),
  });
}

/** The redemption of a code. */
export interface CodeRequest {
  /** Of the endpoint. */
  readonly generation: Generation;
  /** Of the app that redeems it. */
  readonly appId: string;
  /** Authorization code. */
  readonly code: string;
  /** As on the page. */
  readonly redirectUri?: string | undefined;
  /** Of the challenge. */
  readonly verifier?: string | undefined;
  /** Separated by spaces; a part of what the user granted. */
  readonly scope?: string | undefined;
}

/** Redeems an authorization code. A refusal changes nothing. */
export async function redeemCode(
  sandbox: Sandbox,
  { generation, appId, code, scope: asked, redirectUri, verifier }: CodeRequest,
): Promise<IssuedPair | PairRefusal> {
  const authorization = sandbox.codes.inspect(code, appId, sandbox.clock.now());
  const found = sandbox.codes.find(code);
  if (authorization === "code_used" && found !== undefined && sandbox.behaviour.switches.code_reuse_revokes) {
    sandbox.families.revokeAuthorization(found.authorization);
    sandbox.accessTokens.revokeOf(found.authorization);
  }
  if (typeof authorization === "string") return authorization;
  const binding: CodeBinding = found?.binding ?? {};
  const isElsewhere = redirectUri !== undefined && binding.redirectUri !== undefined &&
    redirectUri !== binding.redirectUri;
  if (isElsewhere) return "redirect_differs";
  if (!fits(binding, verifier, generation, sandbox.behaviour.switches.v3_pkce)) return "verifier_refused";
  const narrowed = narrowScope(authorization.scope, asked);
  if ("refused" in narrowed) return narrowed.refused;
  return await issuePair<PairRefusal>(sandbox, generation, {
    authorization,
    scope: narrowed.scope,
    commit: (token, nowMs) => {
      const spent = sandbox.codes.spend(code, appId, nowMs);
      return typeof spent === "string"
        ? spent
        : openFamily(sandbox, generation, { authorization, token, nowMs, redeemed: code });
    },
  });
}

/** Whether a code may be redeemed with the verifier. A code without a challenge needs none, and `v3` refuses any. */
function fits(
  { challenge, isHashed }: CodeBinding,
  verifier: string | undefined,
  generation: Generation,
  v3TakesChallenges: boolean,
): boolean {
  if (challenge === undefined) return generation !== "v3" || verifier === undefined;
  if (generation === "v3" && !v3TakesChallenges) return false;
  if (verifier === undefined) return false;
  return challenge ===
    (isHashed === true ? createHash("sha256").update(verifier).digest("base64url") : verifier);
}

/** A poll of the device flow. */
export interface DeviceRequest {
  /** Of the endpoint. */
  readonly generation: Generation;
  /** App that polls. */
  readonly appId: string;
  /** The device code. */
  readonly deviceCode: string;
}

/** Redeems a device code whose person has agreed. */
export async function redeemDevice(
  sandbox: Sandbox,
  { generation, appId, deviceCode }: DeviceRequest,
): Promise<IssuedPair | DeviceRefusal> {
  const authorization = sandbox.deviceCodes.poll(deviceCode, appId, sandbox.clock.now());
  if (typeof authorization === "string") return authorization;
  return await issuePair<DeviceRefusal>(sandbox, generation, {
    authorization,
    scope: authorization.scope,
    commit: (token, nowMs) => {
      const spent = sandbox.deviceCodes.spend(deviceCode, appId, nowMs);
      return typeof spent === "string"
        ? spent
        : openFamily(sandbox, generation, { authorization, token, nowMs, redeemed: deviceCode });
    },
  });
}

/** A refresh. */
export interface RefreshRequest {
  /** Of the endpoint. */
  readonly generation: Generation;
  /** Of the app that presents the token. */
  readonly appId: string;
  /** Presented. */
  readonly refreshToken: string;
  /** Separated by spaces; a part of what the user granted, for this pair only. */
  readonly scope?: string | undefined;
}

/** Spends a refresh token. A refusal changes nothing. The access token issued before stays valid in both cases. */
export async function refreshPair(
  sandbox: Sandbox,
  { generation, appId, refreshToken, scope: asked }: RefreshRequest,
): Promise<IssuedPair | PairRefusal> {
  if (!sandbox.behaviour.switches.refresh_enabled) return "refresh_off";
  const presented = { token: refreshToken, appId, generation };
  const authorization = sandbox.families.inspect({ ...presented, nowMs: sandbox.clock.now() });
  if (typeof authorization === "string") return authorization;
  const narrowed = narrowScope(authorization.scope, asked);
  if ("refused" in narrowed) return narrowed.refused;
  return await issuePair<PairRefusal>(sandbox, generation, {
    authorization,
    scope: narrowed.scope,
    isRefresh: true,
    commit: (token, nowMs) => sandbox.families.rotate({ ...presented, nowMs }, token),
  });
}

interface Issue<Refusal extends string> {
  readonly authorization: Authorization;
  readonly scope: string;
  readonly isRefresh?: boolean;
  /** Records the new refresh token, if there is one. Returns its lifetime in milliseconds. */
  readonly commit: (refreshToken: string | undefined, nowMs: number) => number | Refusal;
}

async function issuePair<Refusal extends string>(
  sandbox: Sandbox,
  generation: Generation,
  { authorization, scope, isRefresh, commit }: Issue<Refusal>,
): Promise<IssuedPair | Refusal> {
  const { user } = authorization;
  const { appId, openId } = user;
  const { auth_claims, auth_claims_change_on_refresh, refresh_token_given } = sandbox.behaviour.switches;
  const issuedAtMs = sandbox.clock.now();
  const claims = isRefresh === true && auth_claims_change_on_refresh
    ? { id: sandbox.authorizationIds.next(issuedAtMs), atMs: issuedAtMs }
    : { id: sandbox.authorizationIds.of(authorization), atMs: authorization.atMs };
  const minted = await sandbox.mint.pair(generation, {
    appId,
    scope,
    issuedAtMs,
    ...(auth_claims ? { authorization: claims } : {}),
  });

  // Signing takes a while, and nothing is spent before it: of two calls the first to commit gets the pair, and the
  // other one is refused.
  const nowMs = sandbox.clock.now();
  const refreshToken = refresh_token_given && isRefreshable(generation, scope)
    ? minted.refreshToken
    : undefined;
  const lifeMs = commit(refreshToken, nowMs);
  if (typeof lifeMs === "string") return lifeMs;

  const { accessToken } = minted;
  const { accessSeconds } = TOKEN_LIFETIMES[generation];
  const expiresAtMs = nowMs + accessSeconds * 1000;
  sandbox.accessTokens.add({ token: accessToken, kind: "user", appId, openId, authorization, expiresAtMs });
  return {
    accessToken,
    expiresInSeconds: accessSeconds,
    ...(refreshToken === undefined
      ? {}
      : { refresh: { token: refreshToken, expiresInSeconds: Math.floor(lifeMs / 1000) } }),
    scope,
    user,
  };
}

function openFamily(
  sandbox: Sandbox,
  generation: Generation,
  given: {
    readonly authorization: Authorization;
    readonly token: string | undefined;
    readonly nowMs: number;
    readonly redeemed?: string;
  },
): number {
  const { authorization, token, nowMs, redeemed } = given;
  if (sandbox.behaviour.switches.second_login_kills_first) {
    sandbox.families.revokeUser(authorization.user.openId);
  }
  return token === undefined ? 0 : sandbox.families.open(authorization, token, generation, nowMs, redeemed);
}

/** The older generations have no `offline_access` and always issue a refresh token. */
function isRefreshable(generation: Generation, scope: string): boolean {
  return generation === "v1" || generation === "oidc" || splitScope(scope).includes("offline_access");
}

function narrowScope(
  granted: string,
  asked: string | undefined,
): { readonly scope: string } | { readonly refused: "scope_repeated" | "scope_not_granted" } {
  if (asked === undefined) return { scope: granted };
  const wanted = splitScope(asked);
  if (new Set(wanted).size < wanted.length) return { refused: "scope_repeated" };
  const had = new Set(splitScope(granted));
  if (!wanted.every((name) => had.has(name))) return { refused: "scope_not_granted" };
  return { scope: wanted.join(" ") };
}

function splitScope(scope: string): string[] {
  return scope.split(" ").filter((name) => name !== "");
}
