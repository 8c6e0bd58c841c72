import type { Authorization, CodeRefusal } from "./authorization_codes.ts";
import type { Sandbox } from "./sandbox.ts";
import type { SandboxUser } from "./sandbox_user.ts";
import type { RefreshRefusal } from "./token_families.ts";
import { type Generation, TOKEN_LIFETIMES } from "./token_lifetimes.ts";

/** Why no pair was issued. */
export type PairRefusal = CodeRefusal | RefreshRefusal | "scope_repeated" | "scope_not_granted";

/** A pair as one generation of endpoint has issued it. Lives in seconds, as Feishu gives them. */
export interface IssuedPair {
  /** The user token. */
  readonly accessToken: string;
  /** Of the access token. */
  readonly expiresInSeconds: number;
  /** Absent without `offline_access`, on the generations that ask for it. */
  readonly refresh?: { readonly token: string; readonly expiresInSeconds: number };
  /** Space-separated: what this pair may do. */
  readonly scope: string;
  /** Whose tokens these are. */
  readonly user: SandboxUser;
}

/** Lets `user` authorize his app, as if he had logged in just now through this generation. */
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

/** What redeeming a code presents. */
export interface CodeRequest {
  /** Of the endpoint. */
  readonly generation: Generation;
  /** Who redeems it. */
  readonly appId: string;
  /** The authorization code. */
  readonly code: string;
  /** Space-separated; narrows what the user granted. */
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

/** What a refresh presents. */
export interface RefreshRequest {
  /** Of the endpoint. */
  readonly generation: Generation;
  /** Who presents it. */
  readonly appId: string;
  /** The refresh token. */
  readonly refreshToken: string;
  /** Space-separated; narrows what the user granted, for this pair alone. */
  readonly scope?: string | undefined;
}

/** Spends a refresh token. A refusal changes nothing; the access token issued before lives on either way. */
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
  /** Takes the new refresh token, if there is one, into the books; returns its life in milliseconds. */
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

  // Nothing was taken before signing, which takes a while: whoever commits first has it, the other one is refused.
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

/** The older generations know no `offline_access`: they always give a refresh token. */
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
