import type { Authorization, CodeRefusal } from "./authorization_codes.ts";
import type { Sandbox } from "./sandbox.ts";
import type { SandboxUser } from "./sandbox_user.ts";
import type { RefreshRefusal } from "./token_families.ts";
import { type Generation, TOKEN_LIFETIMES } from "./token_lifetimes.ts";

/** Why no pair was issued. */
export type PairRefusal = CodeRefusal | RefreshRefusal | "scope_repeated" | "scope_not_granted";

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
    user,
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
  /** Separated by spaces; a part of what the user granted. */
  readonly scope?: string | undefined;
}

/** Redeems an authorization code. A refusal changes nothing. */
export async function redeemCode(
  sandbox: Sandbox,
  { generation, appId, code, scope: asked }: CodeRequest,
): Promise<IssuedPair | PairRefusal> {
  const authorization = sandbox.codes.inspect(code, appId, sandbox.clock.now());
  if (typeof authorization === "string") return authorization;
  const narrowed = narrowScope(authorization.scope, asked);
  if ("refused" in narrowed) return narrowed.refused;
  return await issuePair<PairRefusal>(sandbox, generation, {
    user: authorization.user,
    scope: narrowed.scope,
    commit: (token, nowMs) => {
      const spent = sandbox.codes.spend(code, appId, nowMs);
      return typeof spent === "string"
        ? spent
        : openFamily(sandbox, generation, { authorization, token, nowMs });
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
  const presented = { token: refreshToken, appId, generation };
  const authorization = sandbox.families.inspect({ ...presented, nowMs: sandbox.clock.now() });
  if (typeof authorization === "string") return authorization;
  const narrowed = narrowScope(authorization.scope, asked);
  if ("refused" in narrowed) return narrowed.refused;
  return await issuePair<PairRefusal>(sandbox, generation, {
    user: authorization.user,
    scope: narrowed.scope,
    commit: (token, nowMs) => sandbox.families.rotate({ ...presented, nowMs }, token),
  });
}

interface Issue<Refusal extends PairRefusal> {
  readonly user: SandboxUser;
  readonly scope: string;
  /** Records the new refresh token, if there is one. Returns its lifetime in milliseconds. */
  readonly commit: (refreshToken: string | undefined, nowMs: number) => number | Refusal;
}

async function issuePair<Refusal extends PairRefusal>(
  sandbox: Sandbox,
  generation: Generation,
  { user, scope, commit }: Issue<Refusal>,
): Promise<IssuedPair | Refusal> {
  const { appId, openId } = user;
  const minted = await sandbox.mint.pair(generation, {
    appId,
    subject: openId,
    scope,
    issuedAtMs: sandbox.clock.now(),
  });

  // Signing takes a while, and nothing is spent before it: of two calls the first to commit gets the pair, and the
  // other one is refused.
  const nowMs = sandbox.clock.now();
  const refreshToken = isRefreshable(generation, scope) ? minted.refreshToken : undefined;
  const lifeMs = commit(refreshToken, nowMs);
  if (typeof lifeMs === "string") return lifeMs;

  const { accessToken } = minted;
  const { accessSeconds } = TOKEN_LIFETIMES[generation];
  const expiresAtMs = nowMs + accessSeconds * 1000;
  sandbox.accessTokens.add({ token: accessToken, kind: "user", appId, openId, expiresAtMs });
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
  },
): number {
  const { authorization, token, nowMs } = given;
  return token === undefined ? 0 : sandbox.families.open(authorization, token, generation, nowMs);
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
