import { defined } from "../defined.ts";
import type { Authorization } from "./authorization_codes.ts";
import type { SandboxDump } from "./sandbox_dump.ts";
import { tokenHash } from "./token_hash.ts";

/** An access token that the sandbox has issued. */
export interface AccessToken {
  /** Its text. */
  readonly token: string;
  /** The app token of a custom app is its tenant token. */
  readonly kind: "tenant" | "user";
  /** App to which it was issued. */
  readonly appId: string;
  /** User tokens only. */
  readonly openId?: string;
  /** Of user tokens. Every token of one authorization has the same object. */
  readonly authorization?: Authorization;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
}

/** A live access token as `/_sandbox/state` shows it. */
export interface AccessTokenView {
  /** `tokenHash()` of its text. */
  readonly hash: string;
  /** As in {@linkcode AccessToken}. */
  readonly kind: "tenant" | "user";
  /** App to which it was issued. */
  readonly app_id: string;
  /** User tokens only. */
  readonly open_id?: string;
  /** Unix seconds. */
  readonly expires_at: number;
}

/**
 * Every access token that was issued and not revoked. Expired ones stay: Feishu answers them with a code of their
 * own.
 */
export class AccessTokens {
  readonly #byToken = new Map<string, AccessToken>();

  /** Adds an issued token. */
  add(token: AccessToken): void {
    this.#byToken.set(token.token, token);
  }

  /** Ends a token before it expires. Returns the number of tokens: 0 or 1. */
  revoke(token: string): number {
    return this.#byToken.delete(token) ? 1 : 0;
  }

  /** Revokes every token of `authorization`. */
  revokeOf(authorization: Authorization): void {
    for (const [text, token] of this.#byToken) {
      if (token.authorization === authorization) this.#byToken.delete(text);
    }
  }

  /** The token with this text, live or expired. */
  find(token: string): AccessToken | undefined {
    return this.#byToken.get(token);
  }

  /** The token with this text, where it is live and of this kind. */
  findLive(token: string, kind: AccessToken["kind"], nowMs: number): AccessToken | undefined {
    const found = this.#byToken.get(token);
    return found?.kind === kind && found.expiresAtMs > nowMs ? found : undefined;
  }

  /** The live tokens, without their text. */
  view(nowMs: number): readonly AccessTokenView[] {
    return [...this.#byToken.values()].filter((token) => token.expiresAtMs > nowMs).map((token) => ({
      hash: tokenHash(token.token),
      kind: token.kind,
      app_id: token.appId,
      ...defined({ open_id: token.openId }),
      expires_at: token.expiresAtMs / 1000,
    }));
  }

  /** The tokens that live at `nowMs`, with their texts; `indexOf` names an authorization. */
  dump(nowMs: number, indexOf: (authorization: Authorization) => number): SandboxDump["accessTokens"] {
    return [...this.#byToken.values()].filter(({ expiresAtMs }) => expiresAtMs > nowMs)
      .map(({ authorization, ...token }) => ({
        ...token,
        ...(authorization === undefined ? {} : { authorization: indexOf(authorization) }),
      }));
  }

  /** Adds those of a dump. */
  load(tokens: SandboxDump["accessTokens"], authorizationAt: (index: number) => Authorization): void {
    for (const { authorization, ...token } of tokens) {
      this.add({
        ...token,
        ...(authorization === undefined ? {} : { authorization: authorizationAt(authorization) }),
      });
    }
  }

  /** Removes all tokens. */
  clear(): void {
    this.#byToken.clear();
  }
}
