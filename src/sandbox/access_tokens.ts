import { defined } from "../defined.ts";
import type { Authorization } from "./authorization_codes.ts";
import { tokenHash } from "./token_hash.ts";

/** An access token that the sandbox has issued. */
export interface AccessToken {
  /** The text. */
  readonly token: string;
  /** `tenant` is what a custom app's app token is, too. */
  readonly kind: "tenant" | "user";
  /** The app it was issued to. */
  readonly appId: string;
  /** Of user tokens. */
  readonly openId?: string;
  /** Of user tokens: what the user has allowed, the same object for every token that came of it. */
  readonly authorization?: Authorization;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
}

/** A live access token as `/_sandbox/state` shows it. */
export interface AccessTokenView {
  /** `tokenHash()` of its text. */
  readonly hash: string;
  /** Whom it acts for. */
  readonly kind: "tenant" | "user";
  /** The app it was issued to. */
  readonly app_id: string;
  /** Of user tokens. */
  readonly open_id?: string;
  /** Unix seconds. */
  readonly expires_at: number;
}

/**
 * Every access token ever issued: an expired one is answered otherwise than one that never was, a revoked one is not.
 */
export class AccessTokens {
  readonly #byToken = new Map<string, AccessToken>();

  /** Remembers an issued token. */
  add(token: AccessToken): void {
    this.#byToken.set(token.token, token);
  }

  /** Ends a token before its time. Returns how many that was. */
  revoke(token: string): number {
    return this.#byToken.delete(token) ? 1 : 0;
  }

  /** Ends every token that came of `authorization`. */
  revokeOf(authorization: Authorization): void {
    for (const [text, token] of this.#byToken) {
      if (token.authorization === authorization) this.#byToken.delete(text);
    }
  }

  /** The token with this text, live or expired. */
  find(token: string): AccessToken | undefined {
    return this.#byToken.get(token);
  }

  /** The token with this text, if it is one of `kind` and live. */
  findLive(token: string, kind: AccessToken["kind"], nowMs: number): AccessToken | undefined {
    const found = this.#byToken.get(token);
    return found?.kind === kind && found.expiresAtMs > nowMs ? found : undefined;
  }

  /** The live ones, without their text. */
  view(nowMs: number): readonly AccessTokenView[] {
    return [...this.#byToken.values()].filter((token) => token.expiresAtMs > nowMs).map((token) => ({
      hash: tokenHash(token.token),
      kind: token.kind,
      app_id: token.appId,
      ...defined({ open_id: token.openId }),
      expires_at: token.expiresAtMs / 1000,
    }));
  }

  /** Forgets them all. */
  clear(): void {
    this.#byToken.clear();
  }
}
