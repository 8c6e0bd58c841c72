import type { Authorization } from "./authorization_codes.ts";
import { Behaviour } from "./behaviour.ts";
import type { SandboxDump } from "./sandbox_dump.ts";
import { tokenHash } from "./token_hash.ts";
import { AUTHORIZATION_LIFE_MS, type Generation, TOKEN_LIFETIMES } from "./token_lifetimes.ts";

/** Why a refresh token is refused. */
export type RefreshRefusal =
  | "refresh_unknown"
  | "refresh_foreign"
  | "refresh_other_generation"
  | "refresh_expired"
  | "refresh_spent"
  | "refresh_revoked";

/** The presentation of a refresh token: by whom, where and when. */
export interface Presentation {
  /** Its text. */
  readonly token: string;
  /** Of the app that presents it. */
  readonly appId: string;
  /** Of the endpoint. */
  readonly generation: Generation;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

/** A family as `/_sandbox/state` shows it. */
export interface FamilyView {
  /** Number of the authorization, from 1. */
  readonly id: number;
  /** Of the authorized app. */
  readonly app_id: string;
  /** Of the user who authorized it. */
  readonly open_id: string;
  /** Granted scopes, separated by spaces. */
  readonly scope: string;
  /** Unix seconds. */
  readonly authorized_at: number;
  /** `tokenHash()` of the code that it was issued for; absent where the control interface logged the user in. */
  readonly redeemed?: string;
  /** Whether its refresh tokens were revoked. */
  readonly revoked: boolean;
  /** Oldest first. All but the last one are spent. */
  readonly refresh_tokens: readonly {
    /** Number of the rotation, from 1. */
    readonly generation: number;
    /** Generation of the endpoint that issued it. */
    readonly endpoint: Generation;
    readonly hash: string;
    readonly spent: boolean;
    /** Unix seconds. */
    readonly expires_at: number;
  }[];
}

interface Family {
  readonly id: number;
  readonly authorization: Authorization;
  readonly redeemed: string | undefined;
  readonly members: RefreshToken[];
  revoked: boolean;
}

interface RefreshToken {
  readonly token: string;
  readonly family: Family;
  readonly endpoint: Generation;
  readonly expiresAtMs: number;
  spent: boolean;
}

/**
 * Refresh tokens, each in the family of one authorization. A token is valid for one rotation, without a grace period:
 * when it is spent, its successor is the only live one of the family.
 */
export class TokenFamilies {
  #families: Family[] = [];
  readonly #byToken = new Map<string, RefreshToken>();
  readonly #behaviour: Behaviour;

  /** Starts without families. */
  constructor(behaviour: Behaviour = new Behaviour()) {
    this.#behaviour = behaviour;
  }

  /**
   * Starts the family of an authorization with its first refresh token, issued for the code `redeemed` if there is one.
   * Returns the token's lifetime in milliseconds.
   */
  open(
    authorization: Authorization,
    token: string,
    endpoint: Generation,
    nowMs: number,
    redeemed?: string,
  ): number {
    const id = this.#families.length + 1;
    const family: Family = { id, authorization, redeemed, members: [], revoked: false };
    this.#families.push(family);
    return this.#append(family, token, endpoint, nowMs);
  }

  /** The authorization of the presented token, if a rotation would be accepted. Changes nothing. */
  inspect(presentation: Presentation): Authorization | RefreshRefusal {
    const found = this.#byToken.get(presentation.token);
    if (found === undefined) return "refresh_unknown";
    const { family } = found;
    if (family.authorization.user.appId !== presentation.appId) return "refresh_foreign";
    if (!takes(presentation.generation, found.endpoint)) return "refresh_other_generation";
    const endsAtMs = Math.min(found.expiresAtMs, family.authorization.atMs + AUTHORIZATION_LIFE_MS);
    if (presentation.nowMs >= endsAtMs) return "refresh_expired";
    if (found.spent) return "refresh_spent";
    if (family.revoked) return "refresh_revoked";
    return family.authorization;
  }

  /**
   * Spends the presented token and puts `successor` in its place, in one step. Without a successor the family ends.
   * Returns the successor's lifetime in milliseconds.
   */
  rotate(presentation: Presentation, successor: string | undefined): number | RefreshRefusal {
    const outcome = this.inspect(presentation);
    if (typeof outcome === "string") return outcome;
    const found = this.#byToken.get(presentation.token);
    if (found === undefined) return "refresh_unknown";
    found.spent = true;
    if (successor === undefined) return 0;
    return this.#append(found.family, successor, presentation.generation, presentation.nowMs);
  }

  /** Revokes the family of a refresh token, spent or not. Returns the number of families: 0 or 1. */
  revokeToken(token: string): number {
    const family = this.#byToken.get(token)?.family;
    return this.#revoke(family === undefined ? [] : [family]);
  }

  /** Revokes every family of a user. Returns the number of families. */
  revokeUser(openId: string): number {
    return this.#revoke(this.#families.filter((family) => family.authorization.user.openId === openId));
  }

  /** Revokes the family of an authorization, if there is one. */
  revokeAuthorization(authorization: Authorization): void {
    this.#revoke(this.#families.filter((family) => family.authorization === authorization));
  }

  /** Spends a refresh token without a successor. */
  retire(token: string): void {
    const found = this.#byToken.get(token);
    if (found !== undefined) found.spent = true;
  }

  /** The authorization of a refresh token that is live at `nowMs`. */
  authorizationOf(token: string, nowMs: number): Authorization | undefined {
    const found = this.#byToken.get(token);
    const isLive = found !== undefined && !found.spent && !found.family.revoked && nowMs < found.expiresAtMs;
    return isLive ? found.family.authorization : undefined;
  }

  /** The families, without the text of any token. */
  view(): readonly FamilyView[] {
    return this.#families.map((family) => ({
      id: family.id,
      app_id: family.authorization.user.appId,
      open_id: family.authorization.user.openId,
      scope: family.authorization.scope,
      authorized_at: family.authorization.atMs / 1000,
      ...(family.redeemed === undefined ? {} : { redeemed: tokenHash(family.redeemed) }),
      revoked: family.revoked,
      refresh_tokens: family.members.map((member, index) => ({
        generation: index + 1,
        endpoint: member.endpoint,
        hash: tokenHash(member.token),
        spent: member.spent,
        expires_at: member.expiresAtMs / 1000,
      })),
    }));
  }

  /** All families, with the texts of their tokens; `indexOf` names an authorization. */
  dump(indexOf: (authorization: Authorization) => number): SandboxDump["families"] {
    return this.#families.map(({ authorization, redeemed, revoked, members }) => ({
      authorization: indexOf(authorization),
      ...(redeemed === undefined ? {} : { redeemed }),
      revoked,
      members: members.map(({ token, endpoint, expiresAtMs, spent }) => ({
        token,
        endpoint,
        expiresAtMs,
        spent,
      })),
    }));
  }

  /** Replaces all families by those of a dump. */
  load(families: SandboxDump["families"], authorizationAt: (index: number) => Authorization): void {
    this.clear();
    for (const [index, { authorization, redeemed, revoked, members }] of families.entries()) {
      const family: Family = {
        id: index + 1,
        authorization: authorizationAt(authorization),
        redeemed,
        members: [],
        revoked,
      };
      this.#families.push(family);
      for (const member of members) {
        const token: RefreshToken = { ...member, family };
        family.members.push(token);
        this.#byToken.set(token.token, token);
      }
    }
  }

  /** Removes all families. */
  clear(): void {
    this.#families = [];
    this.#byToken.clear();
  }

  #append(family: Family, token: string, endpoint: Generation, nowMs: number): number {
    const windowMs = TOKEN_LIFETIMES[endpoint].refreshSeconds * 1000;
    const leftMs = family.authorization.atMs + AUTHORIZATION_LIFE_MS - nowMs;
    const lifeMs = this.#behaviour.switches.refresh_expiry_shrinks ? Math.min(windowMs, leftMs) : windowMs;
    const member: RefreshToken = { token, family, endpoint, expiresAtMs: nowMs + lifeMs, spent: false };
    family.members.push(member);
    this.#byToken.set(token, member);
    return lifeMs;
  }

  #revoke(families: readonly Family[]): number {
    const fresh = families.filter((family) => !family.revoked);
    for (const family of fresh) family.revoked = true;
    return fresh.length;
  }
}

/** An endpoint takes the tokens of its own generation; v3 also takes those of v2. */
function takes(endpoint: Generation, issuedBy: Generation): boolean {
  return endpoint === issuedBy || (endpoint === "v3" && issuedBy === "v2");
}
